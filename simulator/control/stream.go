package control

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

const eventStream = "text/event-stream"

// patience is how long a client may take to read what a stream has for it.
const patience = 10 * time.Second

// stream writes server-sent events.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	buffer  bytes.Buffer
}

func newStream(w http.ResponseWriter) *stream {
	w.Header().Set("Content-Type", eventStream)
	w.WriteHeader(http.StatusOK)
	return &stream{w: w, control: http.NewResponseController(w)}
}

// lineEnds makes one of all that ends a line of a stream.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// event appends an event; its data may have several lines.
func (s *stream) event(name string, data []byte) {
	s.buffer.WriteString("event: " + name + "\n")
	for line := range strings.Lines(lineEnds.Replace(string(data))) {
		s.buffer.WriteString("data: " + strings.TrimSuffix(line, "\n") + "\n")
	}
	s.buffer.WriteByte('\n')
}

func (s *stream) json(name string, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		panic(err) // our own types always can be
	}
	s.event(name, data)
}

func (s *stream) comment(text string) { s.buffer.WriteString(": " + text + "\n\n") }

// flush sends what was appended.
func (s *stream) flush() error {
	if s.buffer.Len() == 0 {
		return nil
	}
	s.control.SetWriteDeadline(time.Now().Add(patience)) // a writer that has none blocks for as long as it likes
	_, err := s.w.Write(s.buffer.Bytes())
	s.buffer.Reset()
	if err != nil {
		return err
	}
	return s.control.Flush()
}
