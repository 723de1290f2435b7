package urlapi

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"

	"github.com/cookiegate/cookiegate/simulator/journal"
	"github.com/cookiegate/cookiegate/simulator/session"
	"github.com/cookiegate/cookiegate/simulator/site"
)

// reasonOf is the reason code of an account that cannot be used.
func reasonOf(err error) string {
	switch {
	case errors.Is(err, site.ErrLocked):
		return accountLocked
	case errors.Is(err, site.ErrInactive):
		return accessDenied
	case errors.Is(err, site.ErrBadTicket):
		return invalidTicket
	case errors.Is(err, site.ErrIDConflict):
		return webExIDConflict
	case errors.Is(err, site.ErrEmailConflict):
		return emailConflict
	}
	return badPassword
}

// logIn is LI.
func logIn(c *call) answer {
	switch {
	case c.site.Config.AutoLoginDisabled:
		return fail(autoLoginDisabled)
	case c.live():
		return fail(alreadyLogon)
	}
	if pid := c.form.get("PID"); pid != "" && pid != c.site.Config.PartnerID {
		c.remark("PID is not the site's")
		return fail(accessDenied)
	}
	account, err := c.authenticate()
	if err != nil {
		c.remark(err.Error())
		if errors.Is(err, errSessionTicket) {
			return fail(invalidSessionTicket)
		}
		return fail(reasonOf(err))
	}
	return c.admit(account)
}

var errSessionTicket = errors.New("SK is no ticket of a live session of this host")

// authenticate looks at TK, SK or PW, whichever comes first, and changes what EM, FN, LN and NPW say of the account.
func (c *call) authenticate() (*site.Account, error) {
	if tk := c.form.get("TK"); tk != "" {
		return c.site.Accounts.Redeem(c.form.get("WID"), tk, c.update)
	}
	account, err := c.recognize()
	if err != nil || c.form.get("EM") == "" && c.form.get("FN") == "" && c.form.get("LN") == "" && c.form.get("NPW") == "" {
		return account, err
	}
	return c.site.Accounts.Change(account.WebExID, c.update)
}

// recognize looks at SK or PW.
func (c *call) recognize() (*site.Account, error) {
	wid := c.form.get("WID")
	sk := c.form.get("SK")
	if sk == "" {
		return c.site.Accounts.Login(wid, c.form.get("PW"))
	}
	found, _ := c.site.Sessions.Use(sk)
	account := c.site.Accounts.Owner(found.Owner)
	switch {
	case found.State != session.Live || account.WebExID != wid || !account.Active:
		return nil, errSessionTicket
	case account.Locked:
		return nil, site.ErrLocked
	}
	return account, nil
}

// update changes what EM, FN, LN and NPW say of an account.
func (c *call) update(a *site.Account) {
	replace(&a.Email, c.form.get("EM"))
	replace(&a.FirstName, c.form.get("FN"))
	replace(&a.LastName, c.form.get("LN"))
	replace(&a.Password, c.form.get("NPW"))
}

// replace sets a field to a value that came.
func replace(field *string, value string) {
	if value != "" {
		*field = strings.Clone(value)
	}
}

// admit opens a session, sets the cookies of a login and sends the browser to MU, or back.
func (c *call) admit(account *site.Account) answer {
	a := answer{fields: c.openSession(account)}
	mu := c.form.get("MU")
	if mu == "" || isGoBack(mu) {
		return a
	}
	to, err := memberURL(c.r, c.site.Config.Name, mu)
	if err != nil {
		c.remark(err.Error() + ": ignored")
		return a
	}
	a.to = to
	return a
}

// openSession opens a session and sets the cookies of a login. The fields are those that it adds to the result.
func (c *call) openSession(account *site.Account) []field {
	ticket, opened := c.site.Sessions.Open(account.Index)
	c.user, c.host, c.now = account, account.WebExID, opened.Created
	c.ticket = ticket
	c.set = make([]journal.Cookie, 0, 7)
	c.setTicket()
	c.setCookie(c.jar.TimeStamp, strconv.FormatInt(opened.Created.UnixMilli(), 10))
	c.browser()
	c.setCookie(c.jar.Language, "1")
	c.setCookie(c.jar.TimeZone, "4")
	c.setCookie(c.jar.Region, "2")
	if !c.site.Config.CSRF {
		return nil
	}
	token := newUUID()
	c.setCookie(c.jar.CSRF, token)
	return []field{{"CSRF", token}}
}

func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // version 4
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// logOut is LO.
func logOut(c *call) answer {
	if c.site.Config.AutoLoginDisabled {
		return fail(autoLoginDisabled)
	}
	c.site.Sessions.End(c.ticket, session.LoggedOut)
	c.site.Browsers.Forget(c.browserCame())
	c.over = true
	c.deleteCookie(c.jar.Ticket)
	c.deleteCookie(c.jar.TimeStamp)
	return answer{}
}

// createAndLogIn is PL.
func createAndLogIn(c *call) answer {
	switch {
	case c.site.Config.AutoLoginDisabled:
		return fail(autoLoginDisabled)
	case c.live():
		return fail(alreadyLogon)
	}
	byPassword := c.form.get("TK") == "" && c.form.get("SK") == "" // nobody has a ticket of an account that is not there
	if byPassword && c.site.Accounts.Find(c.form.get("WID")) == nil {
		if !c.partner() {
			c.remark("PID is not the site's")
			return fail(accessDenied)
		}
		if c.form.get("WID") == "" || c.form.get("PW") == "" {
			return fail(badPassword)
		}
		if _, err := c.site.Accounts.SignUp(c.newAccount()); err != nil && !errors.Is(err, site.ErrIDConflict) { // made meanwhile: log in
			c.remark(err.Error())
			return fail(reasonOf(err))
		}
	}
	return logIn(c)
}
