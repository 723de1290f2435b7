package policy

// attributes are the rules about a cookie's own attributes, as one engine has them. A nil rule is one that the engine does not have.
type attributes struct {
	malformed, tooLarge, badDomain, badPrefix             *rule
	insecure, noneInsecure, partitionedInsecure, sameSite *rule
	otherDomain, otherPath, secureOnly, httpOnly, script  *rule
	overSecure, overHTTPOnly                              *rule

	domainCase bool // a Domain with capital letters covers nothing
}

// attributesOf are all of the rules, named after the engine; file is where it has them, seen the version they were seen to hold on, if any.
func attributesOf(engine, file, seen string) attributes {
	read := func(name string, reason Reason, says string) *rule {
		return &rule{name: engine + "/" + name, action: Blocked, reason: reason, says: says, source: file + "; not measured"}
	}
	block := func(name string, reason Reason, says string) *rule {
		r := read(name, reason, says)
		if seen != "" {
			r.source = file + "; measured on " + seen
		}
		return r
	}
	return attributes{
		malformed:           read("malformed", Malformed, "it has neither a name nor a value, or a character that no cookie may have"),
		tooLarge:            block("too-large", TooLarge, "its name and value have more than 4,096 bytes"),
		badDomain:           block("bad-domain", BadDomain, "its Domain attribute does not cover the host that sets it, or is a public suffix"),
		badPrefix:           block("bad-prefix", BadPrefix, "its name begins with __Host-, __Secure- or __Http-, and its attributes do not keep that promise"),
		insecure:            read("insecure-connection", InsecureConnection, "it has Secure and came over a connection that is not"),
		noneInsecure:        block("none-without-secure", NoneWithoutSecure, "SameSite=None needs Secure"),
		partitionedInsecure: block("partitioned-without-secure", PartitionedInsecure, "Partitioned needs Secure"),
		sameSite:            block("same-site", SameSiteExcluded, "its SameSite, written or by default, keeps it out of requests that somebody else's page has a hand in"),
		otherDomain:         block("other-domain", OtherDomain, "it belongs to another host"),
		otherPath:           block("other-path", OtherPath, "it belongs to another path"),
		secureOnly:          read("secure-only", InsecureConnection, "it has Secure and the connection is not"),
		httpOnly:            read("http-only", HTTPOnlyScript, "it has HttpOnly, and a script asks"),
		script:              read("sandboxed-script", SandboxedScript, "a script in a sandboxed document has no cookies"),
		overSecure:          read("overwrites-secure", InsecureConnection, "it would take the place of a cookie with Secure, and the connection is not"),
		overHTTPOnly:        read("overwrites-http-only", HTTPOnlyScript, "it would take the place of a cookie with HttpOnly, and a script asks"),
	}
}

// form are the rules that make a Set-Cookie no cookie at all, wherever it comes from: the first that refuses, or nil.
func (a *attributes) form(c *Cookie, f *facts) *rule {
	switch {
	case a.malformed != nil && !c.goodName():
		return a.malformed
	case a.tooLarge != nil && len(c.Name)+c.ValueLength > maxNameAndValue:
		return a.tooLarge
	case !c.domainFits(&f.url), a.domainCase && c.Domain != lower(c.Domain):
		return a.badDomain
	case a.badPrefix != nil && !c.prefixKept(f.url.trustworthy()):
		return a.badPrefix
	case a.partitionedInsecure != nil && c.Partitioned && !c.Secure:
		return a.partitionedInsecure
	case c.Script && (c.HTTPOnly || f.sandboxed):
		if f.sandboxed {
			return a.script
		}
		return a.httpOnly
	}
	return nil
}

// setting are the rules that refuse a well-formed cookie in this context: the first that does, or nil.
func (a *attributes) setting(c *Cookie, f *facts, s standing, unset SameSite) *rule {
	switch {
	case a.noneInsecure != nil && c.SameSite == SameSiteNone && !c.Secure:
		return a.noneInsecure
	case a.insecure != nil && c.Secure && !f.url.trustworthy():
		return a.insecure
	case f.shadowsSecure && !f.url.trustworthy():
		return a.overSecure
	case f.replacesHTTPOnly(c):
		return a.overHTTPOnly
	case a.sameSite != nil && c.excludedFromStore(s, unset):
		return a.sameSite
	}
	return nil
}

// reach are the rules that keep a stored cookie out of a request for reasons of its own: the first that does, or nil.
func (a *attributes) reach(c *Cookie, f *facts) *rule {
	switch {
	case !c.belongsTo(f.url.host):
		return a.otherDomain
	case !onPath(c.path(f.url.path), f.url.path):
		return a.otherPath
	case c.Secure && !f.url.trustworthy():
		return a.secureOnly
	case f.script && f.sandboxed:
		return a.script
	case f.script && c.HTTPOnly:
		return a.httpOnly
	}
	return nil
}
