package urlapi

import (
	"net/http"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// CompactPolicy is the P3P header of every answer, as recorded.
const CompactPolicy = `CP="CAO DSP COR CURo ADMo DEVo TAIo CONo OUR BUS IND PHY ONL UNI PUR COM NAV DEM STA", policyref="/w3c/p3p.xml"`

// Headers of every answer, as recorded.
var (
	pragma       = []string{"No-cache"}
	cacheControl = []string{"no-cache"}
	compact      = []string{CompactPolicy}
	htmlType     = []string{"text/html; charset=UTF-8"}
	xmlType      = []string{"text/xml; charset=UTF-8"}
)

// The page that sends the browser on. Older clients read the target out of location.href, newer ones out of var url: the first of the two lines
// is not executed, and var url has its line to itself.
const (
	beforeHref = "<html>\n<head>\n<title>Cisco WebEx</title>\n<script language='javascript'>\n// location.href=\""
	betweenURL = "\";\nvar url = \""
	afterURL   = "\"\nwindow.location.replace(url)\n</script>\n</head>\n<body></body>\n</html>\n"
)

// send gives a command's answer: a page of the site, XML, or the way back.
func (c *call) send(a answer) {
	result := journal.Success
	if a.reason != "" {
		result = journal.Fail
	}
	c.keep()
	switch {
	case c.page == "m.php" && c.at == "OM":
		c.sendXML(a)
	case a.page != nil:
		c.sendPage(a.page)
	case a.to != "":
		c.sendTo(a.to)
	case c.back == "" && a.reason == accessDenied:
		c.sendPage(deniedPage)
	default:
		c.sendBack(c.at, result, a)
	}
	c.write(result, a.reason)
}

// keep issues the ticket of a live session again.
func (c *call) keep() {
	if c.live() && !c.over {
		c.setTicket()
	}
}

// setTicket sets c.ticket, unless a fault has it otherwise.
func (c *call) setTicket() {
	switch c.ticketFault {
	case DropTicket:
		return
	case RotateTicket:
		if next, alive := c.site.Sessions.Replace(c.ticket); alive {
			c.ticket = next
		}
	}
	c.setCookie(c.jar.Ticket, c.ticket)
}

// SetHeaders sets the headers that every answer has. Serve does so by itself.
func SetHeaders(h http.Header) {
	h["Pragma"] = pragma
	h["Cache-Control"] = cacheControl
	h["P3P"] = compact
}

// header sets the headers that are this answer's own.
func (c *call) header(contentType []string) {
	h := c.w.Header()
	h["Content-Type"] = contentType
	if len(c.lines) > 0 {
		h["Set-Cookie"] = c.setCookieHeader()
	}
}

// sendBack sends the browser to BU, or to the site's own page, with the result appended: AT, WID, ST, RS, then the command's fields.
func (c *call) sendBack(at string, result journal.Result, a answer) {
	c.result = appendField(c.result[:0], "AT", at)
	if wid := c.form.get("WID"); wid != "" && c.page == "p.php" && at != "LO" {
		c.result = appendField(c.result, "WID", wid)
	}
	c.result = appendField(c.result, "ST", string(result))
	if a.reason != "" {
		c.result = appendField(c.result, "RS", a.reason)
	}
	for _, f := range a.fields {
		c.result = appendField(c.result, f.name, f.value)
	}
	address := c.back
	if address == "" {
		address = c.frontPage()
	}
	c.target = withResult(c.target[:0], address, c.result)
	c.redirect()
}

func (c *call) sendTo(address string) {
	c.target = append(c.target[:0], address...)
	c.redirect()
}

// redirect sends the browser to c.target, in the site's way.
func (c *call) redirect() {
	c.header(htmlType)
	c.sentTo = originOf(string(c.target), c.r)
	if c.site.Config.Redirect == site.Found {
		c.w.Header()["Location"] = []string{string(c.target)}
		c.w.WriteHeader(http.StatusFound)
		return
	}
	out := append(c.out.AvailableBuffer(), beforeHref...)
	from := len(out)
	out = escapeScript(out, c.target)
	to := len(out)
	out = append(out, betweenURL...)
	out = append(out, out[from:to]...)
	out = append(out, afterURL...)
	c.out.Write(out)
	c.w.Write(c.out.Bytes())
}

func (c *call) sendPage(p page) {
	p(c)
	c.header(htmlType)
	c.w.Write(c.out.Bytes())
}

func (c *call) sendXML(a answer) {
	c.header(xmlType)
	if a.reason != "" {
		a.xml = "<Status>FAIL</Status><Reason>" + a.reason + "</Reason>"
	}
	c.out.WriteString("<ListOpenMeetings>" + a.xml + "</ListOpenMeetings>")
	c.w.Write(c.out.Bytes())
}

// appendField appends name=value to a query.
func appendField(b []byte, name, value string) []byte {
	if len(b) > 0 {
		b = append(b, '&')
	}
	b = append(append(b, name...), '=')
	const digits = "0123456789ABCDEF"
	for i := 0; i < len(value); i++ {
		if plain(value[i]) {
			b = append(b, value[i])
		} else {
			b = append(b, '%', digits[value[i]>>4], digits[value[i]&15])
		}
	}
	return b
}

// escapeScript appends an address as it stands in a script's string: letters, digits, '.', '-' and '_' stay, everything else becomes \xNN.
func escapeScript(b, address []byte) []byte {
	const digits = "0123456789abcdef"
	for _, c := range address {
		if plain(c) {
			b = append(b, c)
		} else {
			b = append(b, '\\', 'x', digits[c>>4], digits[c&15])
		}
	}
	return b
}

func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '-' || c == '_'
}
