package drivertest

import (
	"context"
	"net/http"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// leaving: while a document is to be replaced, no document is complete, although all of them have come.
func leaving(t *testing.T, w *world, d browsers.Driver, b browsers.Browser) {
	if d.Engine() == browsers.WebKit {
		t.Skip("WebDriver itself waits for the document that comes")
	}
	held := make(chan struct{})
	arrive := sync.OnceFunc(func() { close(held) })
	defer arrive()
	w.serve(t, map[string]http.HandlerFunc{
		"/":      html(`<iframe name="menu" src="/menu"></iframe><iframe name="beside" src="/blank"></iframe>`),
		"/menu":  html(`<form method="post" action="` + third + `/next" target="beside"></form><script>parent.addEventListener('load', () => document.forms[0].submit())</script>`),
		"/blank": html(`<p>Here</p>`),
		"/next": func(rw http.ResponseWriter, r *http.Request) {
			<-held
			html(`<p>There</p>`)(rw, r)
		},
	})
	p := newPerson(t, b, browsers.SessionOptions{})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	g := NewWithT(t)
	p.does(browsers.Step{Visit: top + "/"})
	g.Expect(w.wait(ctx, func(asked string) bool { return asked == "third.example /next " })).To(Succeed())
	complete := func() (n int) {
		documents, err := p.Documents(ctx)
		g.Expect(err).NotTo(HaveOccurred())
		for _, d := range documents {
			if d.Complete {
				n++
			}
		}
		return n
	}
	left := complete()
	arrive()
	p.does(browsers.Step{See: "There", InFrame: "beside"})
	g.Eventually(complete).WithContext(ctx).Should(Equal(3))
	g.Expect(left).To(BeZero())
}
