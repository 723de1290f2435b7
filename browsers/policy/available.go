package policy

import "strings"

// NotAvailable is a sentence saying why an engine cannot be put under p, or empty. It speaks of the engine, not of this machine.
func NotAvailable(engine string, p Policy) string {
	if p.InternetExplorer != nil {
		if err := p.InternetExplorer.Validate(); err != nil {
			return "The settings are not valid: " + strings.ReplaceAll(err.Error(), "\n", "; ") + "."
		}
	}
	if p.InternetExplorer != nil && (engine == Firefox || engine == WebKit) {
		return "The rules of Internet Explorer are put in front of Chromium only."
	}
	if p.Extension != "" && engine != Chromium {
		return "An extension is loaded into Chromium only."
	}
	switch engine {
	case Chromium:
		switch p.Base {
		case Partition, PartitionOptIn:
			return "Chromium has no setting that partitions every third-party cookie; where it blocks them, those with Partitioned are let through."
		case VisitedOnly:
			return "Chromium cannot limit third-party cookies to sites that were visited."
		case SendOnly:
			return "Chromium cannot let third-party cookies be sent and not stored."
		}
		if p.PrivateWindow && p.StorageAccess == StorageAccessGranted {
			return "A grant given to the profile does not reach its Incognito windows: there the person answers the prompt, and a browser without a window shows none."
		}
	case Firefox:
		if p.Base == SendOnly {
			return "Firefox cannot let third-party cookies be sent and not stored."
		}
	case WebKit:
		switch p.Base {
		case Partition, PartitionOptIn:
			return "WebKit has no setting that partitions third-party cookies."
		case VisitedOnly:
			return "WebKit cannot limit third-party cookies to sites that were visited."
		}
		if len(p.Exceptions) > 0 {
			return "WebKit has no per-site exception for cookies."
		}
	case IE6, IE55:
		_, why := internetExplorerOf(engine, p)
		return why
	default:
		return "No rules are known for " + engine + "."
	}
	switch p.Base {
	case BrowserDefault, AllowThirdParty, BlockThirdParty, BlockAll, Partition, PartitionOptIn, VisitedOnly, SendOnly:
		return ""
	}
	return "There is no policy base " + string(p.Base) + "."
}
