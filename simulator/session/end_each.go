package session

// EndEach ends the live sessions that match, for a reason as in End, and says how many there were. It looks at each session once.
func (s *Store) EndEach(match func(Session) bool, reason State) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep(s.clock.Now())
	ended := 0
	for i := s.slots[0].prev; i != 0; {
		at, serial := i, s.slots[i].serial
		i = s.slots[i].prev
		if match(s.view(at)) {
			s.ends.set(serial, reason)
			s.remove(at)
			ended++
		}
	}
	return ended
}
