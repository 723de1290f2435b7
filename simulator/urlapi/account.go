package urlapi

import "github.com/cookiegate/cookiegate/simulator/site"

// partner says whether PID is the site's.
func (c *call) partner() bool {
	pid := c.form.get("PID")
	return pid != "" && pid == c.site.Config.PartnerID
}

// newAccount is the account that the parameters describe.
func (c *call) newAccount() site.Host {
	var h site.Host
	replace(&h.WebExID, c.form.get("WID"))
	replace(&h.Password, c.form.get("PW"))
	replace(&h.FirstName, c.form.get("FN"))
	replace(&h.LastName, c.form.get("LN"))
	replace(&h.Email, c.form.get("EM"))
	return h
}

// missing says whether one of the parameters did not come.
func (c *call) missing(keys ...string) bool {
	for _, key := range keys {
		if c.form.get(key) == "" {
			c.remark(key + " is missing")
			return true
		}
	}
	return false
}

// signUp is SU.
func signUp(c *call) answer {
	if c.site.Config.AutoLoginDisabled {
		return fail(autoLoginDisabled)
	}
	if c.missing("WID", "PW", "FN", "LN", "EM") {
		return fail(invalidFormat)
	}
	if _, err := c.site.Accounts.SignUp(c.newAccount()); err != nil {
		return fail(reasonOf(err))
	}
	return answer{}
}

// editAccount is EU.
func editAccount(c *call) answer {
	account, err := c.site.Accounts.Login(c.form.get("WID"), c.form.get("PW"))
	if err != nil {
		c.remark(err.Error())
		return fail(reasonOf(err))
	}
	_, err = c.site.Accounts.Change(account.WebExID, func(a *site.Account) {
		replace(&a.FirstName, c.form.get("NFN"))
		replace(&a.LastName, c.form.get("NLN"))
		replace(&a.Email, c.form.get("NEM"))
		replace(&a.Password, c.form.get("NPW"))
		replace(&a.WebExID, c.form.get("NWID"))
	})
	if err != nil {
		return fail(reasonOf(err))
	}
	return answer{}
}

// activate is AC. It also unlocks.
func activate(c *call) answer {
	return c.changeAccount(func(a *site.Account) { a.Active, a.Locked, a.Failures = true, false, 0 })
}

// deactivate is IN.
func deactivate(c *call) answer {
	return c.changeAccount(func(a *site.Account) { a.Active = false })
}

func (c *call) changeAccount(change func(*site.Account)) answer {
	if _, err := c.site.ChangeAccount(c.form.get("WID"), change); err != nil {
		return fail(reasonOf(err))
	}
	return answer{}
}
