package drivertest

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers"
)

// records: what is done in a session is told as steps that do the same.
func records(t *testing.T, w *world, b browsers.Browser) {
	w.serve(t, map[string]http.HandlerFunc{
		"/": html(`<p><a href="#1">Go</a> <a href="#2">Go</a> <a href="#3"><b>Go on</b></a></p><input id="user"><input type="password" name="pw">
			<label><input type="checkbox" name="c"> Remember me</label>
			<iframe name="inner" src="` + third + `/inner"></iframe><iframe src="/inner"></iframe>
			<button style="text-transform: uppercase" onclick="document.querySelector('a').click(); window.open('/popup')">Open</button>`),
		"/component": html(`<my-card></my-card><button>Done</button><script>
			document.querySelector("my-card").attachShadow({mode: "open"}).innerHTML = '<p><input><button>Host</button></p><button>Done</button>'</script>`),
		"/inner": html(`<button>Press</button>`),
		"/popup": html(`<form action="/sent"><input name="q"></form>`),
		"/sent":  html(`<p>Sent</p>`),
	})
	p := newPerson(t, b, browsers.SessionOptions{})
	r, ok := p.Session.(browsers.Recorder)
	if !ok {
		t.Skipf("%s does not tell what a person does", b.Executable().Name)
	}
	g := NewWithT(t)
	var mu sync.Mutex
	var told []browsers.Recorded
	began := time.Now().Truncate(time.Millisecond)
	g.Expect(r.Record(func(did browsers.Recorded) {
		mu.Lock()
		defer mu.Unlock()
		if did.At.Before(began) || did.At.After(time.Now()) {
			t.Errorf("%s was done at %v", did.Step, did.At)
		}
		did.At = time.Time{}
		told = append(told, did)
	})).To(Succeed())
	recorded := func() []browsers.Recorded {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(told)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var want []browsers.Recorded
	for _, c := range []struct {
		does browsers.Step
		told browsers.Recorded
	}{
		{browsers.Step{Click: "a:nth-of-type(2)"}, browsers.Recorded{Step: browsers.Step{Click: "body > p > a:nth-of-type(2)"}}},
		{browsers.Step{Click: "b"}, browsers.Recorded{Step: browsers.Step{Click: "text=Go on"}}},
		{browsers.Step{Fill: "#user", With: "ann"}, browsers.Recorded{Step: browsers.Step{Fill: "#user", With: "ann"}}},
		{browsers.Step{Fill: "[type=password]", With: "x"}, browsers.Recorded{Step: browsers.Step{Fill: `input[name="pw"]`, With: "x"}, Secret: true}},
		{browsers.Step{Click: "text=Remember me"}, browsers.Recorded{Step: browsers.Step{Click: `input[name="c"]`}}},
		{browsers.Step{Click: "button", InFrame: "inner"}, browsers.Recorded{Step: browsers.Step{Click: "text=Press", InFrame: "inner"}}},
		{browsers.Step{Click: "text=Open"}, browsers.Recorded{Step: browsers.Step{Click: "text=Open"}}},
		{browsers.Step{Fill: "input", With: "y", InPopup: true}, browsers.Recorded{Step: browsers.Step{Fill: `input[name="q"]`, With: "y", InPopup: true}}},
		{browsers.Step{Submit: "form", InPopup: true}, browsers.Recorded{Step: browsers.Step{Submit: "body > form", InPopup: true}}},
	} {
		if len(want) == 0 {
			p.does(browsers.Step{Visit: top + "/"}, browsers.Step{See: "Press", InFrame: "inner"})
		}
		g.Expect(p.Do(ctx, c.does)).To(Succeed())
		want = append(want, c.told)
		g.Eventually(recorded).WithContext(ctx).Should(Equal(want), c.does.String())
	}
	p.does(browsers.Step{See: "Sent", InPopup: true})

	p.does(browsers.Step{Visit: top + "/component"})
	for _, c := range []struct{ does, told browsers.Step }{
		{browsers.Step{Click: "text=Host"}, browsers.Step{Click: "text=Host"}},
		{browsers.Step{Fill: "input", With: "ann"}, browsers.Step{Fill: "body > my-card p > input", With: "ann"}},
		{browsers.Step{Click: "my-card > button"}, browsers.Step{Click: "body > my-card button"}},
	} {
		g.Expect(p.Do(ctx, c.does)).To(Succeed())
		want = append(want, browsers.Recorded{Step: c.told})
		g.Eventually(recorded).WithContext(ctx).Should(Equal(want), c.does.String())
	}
}
