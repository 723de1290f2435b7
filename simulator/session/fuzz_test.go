package session

import "testing"

// FuzzTicket: no ticket but the one that was issued opens the session.
func FuzzTicket(f *testing.F) {
	s := NewStore(NewClock(noon), 0)
	issued, _ := s.Open(1)
	for _, ticket := range []string{issued, issued[:23], "", "====", "AAAAAAAAAAAAAAAAAAAAAA==", "AAAAAAAAAAAAAAAAAAAAAAAA", "\x00"} {
		f.Add(ticket)
	}
	f.Fuzz(func(t *testing.T, ticket string) {
		found, _ := s.Use(ticket)
		if live := found.State == Live; live != (ticket == issued) {
			t.Errorf("%q is %s", ticket, found.State)
		}
		if _, replaced := s.Replace(ticket); replaced && ticket != issued {
			t.Errorf("%q was replaced", ticket)
		} else if replaced {
			issued, _ = s.Open(1)
		}
		if s.End(ticket, LoggedOut) {
			t.Errorf("%q ended a session", ticket)
		}
	})
}
