package control

import (
	"errors"
	"net/http"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// Account is a host's account.
type Account struct {
	WebExID   string `json:"webexId"`
	FirstName string `json:"firstName,omitempty"`
	LastName  string `json:"lastName,omitempty"`
	Email     string `json:"email,omitempty"`
	Active    bool   `json:"active"`
	Locked    bool   `json:"locked"`
	Failures  int    `json:"failures"` // failed logins in a row
}

// NewAccount is an account to be made. WebExID and Password are required.
type NewAccount struct {
	WebExID  string `json:"webexId"`
	Password string `json:"password"`
	// These may be empty: that means no more than a missing one.
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
	Email     string `json:"email"`
}

// AccountChange is what is to be changed of an account; nil leaves a field as it is. Unlocking an account forgets its failed logins.
type AccountChange struct {
	Password  *string `json:"password,omitempty"`
	FirstName *string `json:"firstName,omitempty"`
	LastName  *string `json:"lastName,omitempty"`
	Email     *string `json:"email,omitempty"`
	Active    *bool   `json:"active,omitempty"`
	Locked    *bool   `json:"locked,omitempty"`
}

// ticket is a one-time ticket (TK).
type ticket struct {
	Ticket string `json:"ticket"`
}

func describeAccount(a *site.Account) Account {
	return Account{
		WebExID: a.WebExID, FirstName: a.FirstName, LastName: a.LastName, Email: a.Email, Active: a.Active, Locked: a.Locked, Failures: a.Failures,
	}
}

func (a *API) listAccounts(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	return accountsOf(s), nil
}

func accountsOf(s *site.Site) []Account {
	list := []Account{}
	for _, one := range s.Accounts.List() {
		list = append(list, describeAccount(one))
	}
	return list
}

func (a *API) addAccount(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	n, err := read[NewAccount](r)
	if err != nil {
		return nil, err
	}
	for _, required := range []struct{ field, value string }{{"webexId", n.WebExID}, {"password", n.Password}} {
		if required.value == "" {
			return nil, invalid(required.field, "a text", "is missing or empty")
		}
	}
	account, err := s.Accounts.SignUp(site.Host{
		WebExID: n.WebExID, Password: n.Password, FirstName: n.FirstName, LastName: n.LastName, Email: n.Email,
	})
	if err != nil {
		return nil, err
	}
	return created{describeAccount(account)}, nil
}

func (a *API) changeAccount(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	change, err := read[AccountChange](r)
	if err != nil {
		return nil, err
	}
	if change.Password != nil && *change.Password == "" {
		return nil, invalid("password", "a text", "is empty")
	}
	account, err := s.ChangeAccount(r.PathValue("webexId"), func(a *site.Account) {
		set(&a.Password, change.Password)
		set(&a.FirstName, change.FirstName)
		set(&a.LastName, change.LastName)
		set(&a.Email, change.Email)
		set(&a.Active, change.Active)
		set(&a.Locked, change.Locked)
		if change.Locked != nil && !*change.Locked {
			a.Failures = 0
		}
	})
	if err != nil {
		return nil, accountError(s, r, err)
	}
	return describeAccount(account), nil
}

// accountError is what went wrong with the account that the path names.
func accountError(s *site.Site, r *http.Request, err error) error {
	if errors.Is(err, site.ErrNoAccount) {
		return notFound("the site %s has no account %q", s.Config.Name, r.PathValue("webexId"))
	}
	return err
}

func set[T any](field, to *T) {
	if to != nil {
		*field = *to
	}
}

func (a *API) issueTicket(r *http.Request) (any, error) {
	s, err := a.siteOf(r)
	if err != nil {
		return nil, err
	}
	t, err := read[ticket](r)
	if err != nil {
		return nil, err
	}
	if t.Ticket == "" {
		return nil, invalid("ticket", "a text", "is missing or empty")
	}
	account, err := s.Accounts.IssueTicket(r.PathValue("webexId"), t.Ticket)
	if err != nil {
		return nil, accountError(s, r, err)
	}
	return created{describeAccount(account)}, nil
}
