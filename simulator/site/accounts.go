package site

import (
	"errors"
	"sync"
)

// The ways in which an account operation fails. Package urlapi has a reason code for each.
var (
	ErrBadPassword   = errors.New("no such account, or not its password")
	ErrLocked        = errors.New("the account is locked")
	ErrInactive      = errors.New("the account is not active")
	ErrBadTicket     = errors.New("no such one-time ticket, or it has been used")
	ErrIDConflict    = errors.New("another account has this WebEx ID")
	ErrEmailConflict = errors.New("another account has this e-mail address")
	ErrNoAccount     = errors.New("no such account")
	ErrTicketTaken   = errors.New("another account has this one-time ticket")
)

// Account is a host's account as it was at one moment. It is immutable.
type Account struct {
	Index     uint32 // stable within a site; owner of sessions and meetings
	WebExID   string
	Password  string
	FirstName string
	LastName  string
	Email     string
	Active    bool
	Locked    bool
	Failures  int // failed logins in a row
}

// Name is what a page calls the host.
func (a *Account) Name() string {
	switch {
	case a.FirstName != "" && a.LastName != "":
		return a.FirstName + " " + a.LastName
	case a.FirstName+a.LastName != "":
		return a.FirstName + a.LastName
	}
	return a.WebExID
}

// Accounts are the accounts of a site. Safe for concurrent use.
type Accounts struct {
	lockAfter int

	mu      sync.RWMutex
	list    []*Account
	byID    map[string]uint32
	byEmail map[string]uint32
	tickets map[string]uint32 // one-time tickets that have not been used
}

func newAccounts(hosts []Host, lockAfter int) *Accounts {
	a := &Accounts{lockAfter: lockAfter, byID: map[string]uint32{}, byEmail: map[string]uint32{}, tickets: map[string]uint32{}}
	for _, h := range hosts {
		i := uint32(len(a.list))
		a.list = append(a.list, nil)
		a.put(&Account{
			Index: i, WebExID: h.WebExID, Password: h.Password, FirstName: h.FirstName, LastName: h.LastName, Email: h.Email,
			Active: !h.Inactive, Locked: h.Locked,
		})
		for _, t := range h.Tickets {
			a.tickets[t] = i
		}
	}
	return a
}

// Owner is the account of that index; nil when there is none.
func (a *Accounts) Owner(index uint32) *Account {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if int(index) >= len(a.list) {
		return nil
	}
	return a.list[index]
}

// Find is the account of that WebEx ID; nil when there is none.
func (a *Accounts) Find(webExID string) *Account {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.find(webExID)
}

// List are all accounts in the order in which they came to be.
func (a *Accounts) List() []*Account {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return append([]*Account(nil), a.list...)
}

// Login checks a password, counts failures and locks the account when there are too many in a row.
func (a *Accounts) Login(webExID, password string) (*Account, error) {
	a.mu.RLock()
	account := a.find(webExID)
	a.mu.RUnlock()
	if account != nil && account.hasPassword(password) && account.Failures == 0 {
		return account, account.usable()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if account = a.find(webExID); account == nil {
		return nil, ErrBadPassword
	}
	if account.Locked {
		return nil, ErrLocked
	}
	failed := !account.hasPassword(password)
	changed := *account
	changed.Failures = 0
	if failed {
		changed.Failures = account.Failures + 1
		changed.Locked = a.lockAfter > 0 && changed.Failures >= a.lockAfter
	}
	a.put(&changed)
	if failed {
		return nil, ErrBadPassword
	}
	return &changed, changed.usable()
}

// Redeem logs in with a one-time ticket and changes the account as Change does. The ticket is used up where both are done.
func (a *Accounts) Redeem(webExID, ticket string, change func(*Account)) (*Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	i, known := a.tickets[ticket]
	if !known || a.list[i].WebExID != webExID {
		return nil, ErrBadTicket
	}
	if err := a.list[i].usable(); err != nil {
		return nil, err
	}
	account, err := a.change(a.list[i], change)
	if err == nil {
		delete(a.tickets, ticket)
	}
	return account, err
}

// IssueTicket makes ticket a one-time ticket of an account, and returns that account. One that is another's is not taken from it.
func (a *Accounts) IssueTicket(webExID, ticket string) (*Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	account := a.find(webExID)
	if account == nil {
		return nil, ErrNoAccount
	}
	if i, given := a.tickets[ticket]; given && i != account.Index {
		return nil, ErrTicketTaken
	}
	a.tickets[ticket] = account.Index
	return account, nil
}

// SignUp adds an account.
func (a *Accounts) SignUp(h Host) (*Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	account := &Account{
		Index: uint32(len(a.list)), WebExID: h.WebExID, Password: h.Password, FirstName: h.FirstName, LastName: h.LastName, Email: h.Email,
		Active: true,
	}
	if err := a.conflict(account); err != nil {
		return nil, err
	}
	a.list = append(a.list, nil)
	a.put(account)
	return account, nil
}

// Change edits an account in place: change gets a copy, which takes the account's place unless its ID or address is somebody else's.
func (a *Accounts) Change(webExID string, change func(*Account)) (*Account, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	account := a.find(webExID)
	if account == nil {
		return nil, ErrNoAccount
	}
	return a.change(account, change)
}

// change is Change, under the lock.
func (a *Accounts) change(account *Account, change func(*Account)) (*Account, error) {
	changed := *account
	change(&changed)
	changed.Index = account.Index
	if err := a.conflict(&changed); err != nil {
		return nil, err
	}
	a.put(&changed)
	return &changed, nil
}

// hasPassword says whether the password is the account's. One that has none is logged in to by ticket only.
func (a *Account) hasPassword(password string) bool { return password != "" && a.Password == password }

func (a *Account) usable() error {
	switch {
	case a.Locked:
		return ErrLocked
	case !a.Active:
		return ErrInactive
	}
	return nil
}

func (a *Accounts) find(webExID string) *Account {
	if i, known := a.byID[webExID]; known {
		return a.list[i]
	}
	return nil
}

func (a *Accounts) conflict(account *Account) error {
	if i, known := a.byID[account.WebExID]; known && i != account.Index {
		return ErrIDConflict
	}
	if i, known := a.byEmail[account.Email]; known && i != account.Index && account.Email != "" {
		return ErrEmailConflict
	}
	return nil
}

// put places an account at its index, which is there already.
func (a *Accounts) put(account *Account) {
	if old := a.list[account.Index]; old != nil {
		delete(a.byID, old.WebExID)
		delete(a.byEmail, old.Email)
	}
	a.list[account.Index] = account
	a.byID[account.WebExID] = account.Index
	a.byEmail[account.Email] = account.Index
}
