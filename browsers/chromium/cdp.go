package chromium

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
)

// conn is a connection to the browser that speaks the Chrome DevTools Protocol beside Playwright's own.
type conn struct {
	ws     *websocket.Conn
	on     func(event) // called for one event after the other; it may send, and must not call
	closed chan struct{}

	mu      sync.Mutex
	last    int
	waiting map[int]chan answer
}

type event struct {
	Session string          `json:"sessionId"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

type answer struct {
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

var errClosed = errors.New("the connection to the browser is closed")

func dial(ctx context.Context, endpoint string, on func(event)) (*conn, error) {
	ws, _, err := websocket.Dial(ctx, endpoint, nil)
	if err != nil {
		return nil, fmt.Errorf("connect to the browser: %w", err)
	}
	ws.SetReadLimit(-1) // the peer is the browser that we started
	c := &conn{ws: ws, on: on, closed: make(chan struct{}), waiting: map[int]chan answer{}}
	go c.read()
	return c, nil
}

func (c *conn) read() {
	defer close(c.closed)
	for {
		_, data, err := c.ws.Read(context.Background())
		if err != nil {
			return
		}
		var message struct {
			ID int `json:"id"`
			event
			answer
		}
		if err := json.Unmarshal(data, &message); err != nil {
			return
		}
		if message.ID == 0 {
			c.on(message.event)
			continue
		}
		c.mu.Lock()
		waiting := c.waiting[message.ID]
		delete(c.waiting, message.ID)
		c.mu.Unlock()
		if waiting != nil {
			waiting <- message.answer
		}
	}
}

// send sends a command whose answer nobody wants.
func (c *conn) send(session, method string, params any) {
	c.mu.Lock()
	c.last++
	id := c.last
	c.mu.Unlock()
	_ = c.write(context.Background(), id, session, method, params) // a broken connection is noticed by read
}

// call sends a command and waits for its answer.
func (c *conn) call(ctx context.Context, session, method string, params, result any) error {
	waiting := make(chan answer, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.waiting[id] = waiting
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, id)
		c.mu.Unlock()
	}()
	if err := c.write(ctx, id, session, method, params); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case a := <-waiting:
		if a.Error != nil {
			return fmt.Errorf("%s: %s", method, a.Error.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(a.Result, result)
	case <-c.closed:
		return fmt.Errorf("%s: %w", method, errClosed)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, context.Cause(ctx))
	}
}

func (c *conn) write(ctx context.Context, id int, session, method string, params any) error {
	data, err := json.Marshal(struct {
		ID      int    `json:"id"`
		Session string `json:"sessionId,omitempty"`
		Method  string `json:"method"`
		Params  any    `json:"params,omitempty"`
	}{id, session, method, params})
	if err != nil {
		return err
	}
	return c.ws.Write(ctx, websocket.MessageText, data)
}

func (c *conn) close() {
	_ = c.ws.CloseNow()
	<-c.closed
}
