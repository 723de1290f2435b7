package policy

import (
	"slices"
	"strings"
)

// Jar is a browser's cookie store as the model predicts it, hop by hop: what is set, what comes back, and why the rest does not. Not safe for use by
// several goroutines.
type Jar struct {
	model *Model
	kept  []inJar
}

type inJar struct {
	cookie Cookie
	domain string // registrable domain of the host that set it
	jar    string // domain or host it is kept under
	path   string
}

// Carried is a cookie of the jar at one request.
type Carried struct {
	Cookie  Cookie // with Kept
	Verdict Verdict
}

// Jar is an empty store under the model.
func (m *Model) Jar() *Jar { return &Jar{model: m} }

// Set is an answer that sets a cookie. A cookie that is refused leaves the one it would have replaced.
func (j *Jar) Set(c Cookie, ctx Context) Verdict {
	p := j.in(ctx)
	f := &p.facts
	v := p.store(&c)
	if !v.Action.Through() {
		return v
	}
	next := inJar{cookie: c.KeptAs(v, f.url.host), domain: f.url.domain, jar: f.url.host, path: c.path(f.url.path)}
	if d := next.cookie.domain(); d != "" {
		next.jar = "." + d
	}
	next.cookie.Path = next.path
	j.compare(&next, f)
	if v = p.store(&c); !v.Action.Through() { // the jar it goes to being known
		return v
	}
	j.kept = slices.DeleteFunc(j.kept, func(o inJar) bool { return o.same(&next) })
	if !c.Deletes {
		j.kept = append(j.kept, next)
	}
	return v
}

// compare notes what the jar keeps that may be protected from next.
func (j *Jar) compare(next *inJar, f *facts) {
	for i := range j.kept {
		o := &j.kept[i]
		if o.same(next) {
			f.replaces = &o.cookie
		}
		f.shadowsSecure = f.shadowsSecure || o.cookie.Secure && o.shadowedBy(next)
	}
}

// same says whether one of both replaces the other.
func (o *inJar) same(next *inJar) bool {
	return o.cookie.Name == next.cookie.Name && o.jar == next.jar && o.path == next.path && o.cookie.Kept.Partition == next.cookie.Kept.Partition
}

// shadowedBy says whether a server could take next for o, for the rule that leaves cookies with Secure alone (RFC 6265bis, 5.7).
func (o *inJar) shadowedBy(next *inJar) bool {
	old, domain := strings.TrimPrefix(o.jar, "."), strings.TrimPrefix(next.jar, ".")
	return o.cookie.Name == next.cookie.Name && o.cookie.Kept.Partition == next.cookie.Kept.Partition &&
		(old == domain || isSubdomain(old, domain) || isSubdomain(domain, old)) && onPath(o.path, next.path)
}

// Send is a request: every cookie of the jar that belongs to its host and path, with what becomes of it.
func (j *Jar) Send(ctx Context) []Carried {
	p := j.in(ctx)
	f := &p.facts
	var out []Carried
	for i := range j.kept {
		o := &j.kept[i]
		if f.parsed && o.cookie.belongsTo(f.url.host) && onPath(o.path, f.url.path) {
			out = append(out, Carried{o.cookie, p.send(&o.cookie)})
		}
	}
	return out
}

// Close is the end of the browser: session cookies go.
func (j *Jar) Close() {
	j.kept = slices.DeleteFunc(j.kept, func(o inJar) bool {
		return !o.cookie.Persistent || o.cookie.Kept.Session
	})
}

// in is the place of ctx, with what the jar knows about it.
func (j *Jar) in(ctx Context) *Place {
	p := j.model.In(ctx)
	p.facts.hasCookie = p.facts.hasCookie || j.has(&p.facts)
	return p
}

// has says whether the common jar has a cookie of the request's site.
func (j *Jar) has(f *facts) bool {
	return slices.ContainsFunc(j.kept, func(o inJar) bool { return o.domain == f.url.domain && o.cookie.Kept.Action != Partitioned })
}
