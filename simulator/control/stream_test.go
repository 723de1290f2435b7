package control

import (
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"
)

// A line of a stream ends at a carriage return, too: a command named "S\revent: sites" is no event.
func TestNothingThatStrangersSendEndsALineOfAStream(t *testing.T) {
	g := NewWithT(t)
	w := httptest.NewRecorder()
	s := newStream(w)
	s.event("entries", []byte("<b>S\revent: sites</b>\r\n\r\r<i>\n"))
	g.Expect(s.flush()).To(Succeed())
	g.Expect(w.Body.String()).To(Equal("event: entries\ndata: <b>S\ndata: event: sites</b>\ndata: \ndata: \ndata: <i>\n\n"))
}
