package upstream

import (
	"io"
	"net"
	"sync"
)

// relay is the proxy that a portal's process is told of: it hands connections on to the door of the case that has borrowed the process.
// While nobody has, it closes them.
type relay struct {
	listener net.Listener
	serving  sync.WaitGroup

	mu     sync.Mutex
	target string // host and port; empty: nobody has borrowed it
	conns  map[net.Conn]bool
}

func newRelay() (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{listener: l, conns: map[net.Conn]bool{}}
	r.serving.Go(r.accept)
	return r, nil
}

// url is the proxy's address, for an environment.
func (r *relay) url() string { return "http://" + r.listener.Addr().String() }

// lead hands what comes from now on to target; connections to where it led before are closed.
func (r *relay) lead(target string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
	for c := range r.conns {
		c.Close()
	}
}

func (r *relay) accept() {
	for {
		c, err := r.listener.Accept()
		if err != nil {
			return // closed
		}
		r.serving.Go(func() { r.carry(c) })
	}
}

// carry copies both ways until either side ends.
func (r *relay) carry(near net.Conn) {
	defer near.Close()
	r.mu.Lock()
	target := r.target
	r.conns[near] = true
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.conns, near)
		r.mu.Unlock()
	}()
	if target == "" {
		return
	}
	far, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer far.Close()
	back := make(chan struct{})
	go func() {
		defer close(back)
		_, _ = io.Copy(near, far)
		near.Close()
	}()
	_, _ = io.Copy(far, near)
	far.Close()
	<-back
}

// close ends every connection and returns when they are gone.
func (r *relay) close() error {
	err := r.listener.Close()
	r.lead("")
	r.serving.Wait()
	return err
}
