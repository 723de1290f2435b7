// Package inpage is what drivers do within a document: functions in JavaScript, the same in every engine.
package inpage

import (
	"fmt"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/browsers"
)

// Read is a function that tells what a document says of itself, as a Document's url, title, name and text, whether it is complete, whether
// it is in a frame that nobody sees, and in how many milliseconds its first timer falls due. Text is what a person reads; a frameset has none
// of its own. The clock is Playwright's, where the session has one; asking it for the time brings it up to date.
const Read = `() => ({
	url: location.href, title: document.title, name: window.name, complete: document.readyState === 'complete', hidden: (` + hidden + `)(),
	text: document.body && document.body.localName !== 'frameset' ? (` + words + `)() : '',
	timer: (clock => {
		const now = clock?.performanceNow(), first = clock?._firstTimer();
		return first ? Math.max(1, first.callAt - now) : 0;
	})(globalThis.__pwClock?.controller),
})`

// hidden says whether this document is in a frame too small to read, or, as far up as the frames around it are of its own origin, in one that is
// not shown. A frame in another site's page cannot ask more.
const hidden = `() => {
	if (window === top) return false;
	if (innerWidth < 10 || innerHeight < 10) return true;
	for (let w = window; w !== top; w = w.parent) {
		let frame = null;
		try { frame = w.frameElement } catch {}
		if (!frame) return false;
		if (frame.checkVisibility && !frame.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) return true;
		const box = frame.getBoundingClientRect(), page = frame.ownerDocument.documentElement;
		if (box.right + w.parent.scrollX <= 0 || box.bottom + w.parent.scrollY <= 0 || box.left > page.scrollWidth) return true;
	}
	return false;
}`

// roots are the document and the open shadow trees in it, each before those in it.
const roots = `() => {
	const roots = [document];
	for (const root of roots) for (const e of root.querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
	return roots;
}`

// words is what a person reads in a document: its text, which goes without that of shadow trees, and theirs. What is not rendered would be told with
// all that it holds.
const words = `() => {
	const rendered = e => {
		if (e.matches('style, script, template, slot')) return false;
		if (getComputedStyle(e).display !== 'contents') return !e.checkVisibility || e.checkVisibility();
		const around = e.parentElement || e.getRootNode().host; // it has no box of its own
		return !around || rendered(around);
	};
	const said = [document.body ? document.body.innerText : ''];
	for (const root of (` + roots + `)().slice(1)) {
		if (rendered(root.host)) said.push(...[...root.children].filter(rendered).map(e => e.innerText || ''));
	}
	return said.join('\n').trim();
}`

// Find is a function that returns the first element in a shadow tree that matches a selector, or null: a text is an element's whole text, and the innermost
// such element is meant.
const Find = `selector => {
	const text = selector.startsWith('text=') ? selector.slice(5).trim().replace(/\s+/g, ' ') : null;
	const said = e => e.textContent.trim().replace(/\s+/g, ' ');
	const is = e => !e.matches('style, script') && said(e) === text && ![...e.children].some(c => said(c) === text);
	for (const root of (` + roots + `)().slice(1)) {
		const found = text === null ? root.querySelector(selector) : [...root.querySelectorAll('*')].find(is);
		if (found) return found;
	}
	return null;
}`

// What a step waits for in a document. White space counts as a person sees it.
const (
	text    = `(` + words + `)().replace(/\s+/g, ' ')`
	asked   = `wanted.trim().replace(/\s+/g, ' ')`
	Parsed  = `() => document.readyState !== 'loading'`
	Seen    = `wanted => ` + text + `.includes(` + asked + `)`
	NotSeen = `wanted => document.readyState !== 'loading' && !` + text + `.includes(` + asked + `)`
	At      = `wanted => document.readyState !== 'loading' && location.href.startsWith(wanted)`
)

// Holds is a function that says whether an expression is true. One that throws is not yet: what it asks for may still come.
func Holds(expression string) string {
	return "() => { if (document.readyState === 'loading') return false; try { return Boolean(" + expression + "\n) } catch { return false } }"
}

// Fill takes a field and its value, Submit a form. They do not need a keyboard or a mouse, which do not reach every frame in every
// engine. The events that a page may listen for are those of a person's doing, and a form goes out by its button where it has one.
const (
	Fill = `(field, value) => {
		if (field.disabled || field.readOnly) throw new Error('the field cannot be filled in: it is disabled or read-only');
		field.focus();
		const owner = field.ownerDocument.defaultView[{textarea: 'HTMLTextAreaElement', select: 'HTMLSelectElement'}[field.localName] || 'HTMLInputElement'];
		Object.getOwnPropertyDescriptor(owner.prototype, 'value').set.call(field, value);
		if (field.localName === 'select' && field.value !== value) throw new Error('there is no option ' + JSON.stringify(value));
		field.dispatchEvent(new Event('input', {bubbles: true}));
		field.dispatchEvent(new Event('change', {bubbles: true}));
	}`
	Submit = `form => {
		const button = form.querySelector('button:not([type]):enabled, [type=submit]:enabled, [type=image]:enabled');
		button ? button.click() : form.requestSubmit();
	}`
)

// Record tells the function of the name Told, in every document that it runs in first, of what a person does there: {click}, {fill, with, secret} or
// {submit}, each with the selector of a step that does the same and, in at, when it was done. The click that a page's own script makes is none of a person's.
const Record = `(() => {
	const all = s => (` + roots + `)().flatMap(root => [...(root.body || root).querySelectorAll(s)]);
	const only = s => { try { return all(s).length === 1 } catch { return false } };
	const said = e => (e.textContent || '').trim().replace(/\s+/g, ' '); // as written: a style may show other letters
	const path = e => {
		const steps = [];
		for (; e && e !== document.documentElement; e = e.parentElement) {
			const alike = [...e.parentNode.children].filter(o => o.localName === e.localName);
			steps.unshift(e.localName + (alike.length > 1 ? ':nth-of-type(' + (alike.indexOf(e) + 1) + ')' : ''));
			if (e.parentNode instanceof ShadowRoot) return path(e.parentNode.host) + ' ' + steps.join(' > ');
		}
		return steps.join(' > ');
	};
	const selector = e => {
		if (e.id && only('#' + CSS.escape(e.id))) return '#' + CSS.escape(e.id);
		const name = e.getAttribute('name');
		const named = e.localName + '[name=' + JSON.stringify(name) + ']';
		if (name && only(named)) return named;
		const text = said(e);
		if (text && text.length <= 60 && e.localName !== 'form' && all('*').every(o => said(o) !== text || o.contains(e) || e.contains(o))) return 'text=' + text;
		return path(e);
	};
	const field = e => e instanceof Element && e.matches('textarea, select, input:not([type=submit], [type=button], [type=reset], [type=image], [type=checkbox], [type=radio])');
	addEventListener('click', event => {
		const target = event.composedPath()[0];
		if (!event.isTrusted || !(target instanceof Element) || field(target)) return;
		const label = target.closest('label');
		if (label && label.control && !label.control.contains(target)) return; // the browser clicks on what it is for, next
		const element = target.closest('a, button, input, label, summary, [role=button], [onclick]') || target;
		` + Told + `({click: selector(element), at: Date.now()});
	}, true);
	const changed = event => {
		if (field(event.target)) ` + Told + `({fill: selector(event.target), with: event.target.value, secret: event.target.type === 'password', at: Date.now()});
	};
	const sent = event => {
		if (event.isTrusted && !event.submitter) ` + Told + `({submit: selector(event.target), at: Date.now()});
	};
	const heard = new WeakSet(); // these two events stay in their tree
	const hear = root => {
		if (heard.has(root)) return;
		heard.add(root);
		root.addEventListener('change', changed, true);
		root.addEventListener('submit', sent, true);
	};
	hear(window);
	addEventListener('focusin', event => event.composedPath().filter(n => n instanceof ShadowRoot).forEach(hear), true);
})()`

// Told is the name of the function that Record calls.
const Told = "__cookiegate_did"

// Document puts the answer of Read into d, which keeps what it has where there is none.
func Document(d *browsers.Document, answer any) {
	m, ok := answer.(map[string]any)
	if !ok {
		return
	}
	text := func(key string) string {
		s, _ := m[key].(string)
		return strings.TrimSpace(s)
	}
	d.URL, d.Title, d.Text = text("url"), text("title"), text("text")
	d.Complete, _ = m["complete"].(bool)
	d.Hidden, _ = m["hidden"].(bool)
	d.Timer = milliseconds(m["timer"])
	if d.Frame == "" {
		d.Frame = text("name")
	}
}

// milliseconds reads a number as drivers hand it over: whole ones are integers in some of them.
func milliseconds(answer any) time.Duration {
	switch n := answer.(type) {
	case int:
		return time.Duration(n) * time.Millisecond
	case float64:
		return time.Duration(n * float64(time.Millisecond))
	}
	return 0
}

// Shown is what was there instead of what a step wanted, for its error. Queries are left out: they may be secret.
func Shown(documents []browsers.Document) string {
	const enough = 200
	var b strings.Builder
	for _, d := range documents {
		text := strings.Join(strings.Fields(d.Text), " ")
		if len(text) > enough {
			text = strings.ToValidUTF8(text[:enough], "") + "…"
		}
		where := "page"
		if d.Frame != "" {
			where = "frame " + d.Frame
		}
		url, _, _ := strings.Cut(d.URL, "?")
		url, _, _ = strings.Cut(url, "#")
		fmt.Fprintf(&b, "\n  %s %s showed: %q", where, url, text)
	}
	return b.String()
}
