package urlapi

import (
	"bytes"
	"html"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// The room's page is not made by its template for every answer; it must be the page that the template would make.
func TestTheRoomIsThePageOfItsTemplate(t *testing.T) {
	for _, texts := range [][]string{
		{"Weekly call", "100000001", "secret", "Alice Archer", "Zoe", "HM", "https://p.example/?a=1&b=2"},
		{`"><script>`, `'&lt;`, "MarkName", "MarkBack", "MarkHost", `</title>`, "\x00é+`"},
		{"", "", "", "", "", "", ""},
	} {
		for bits := range 4 {
			g := NewWithT(t)
			r := room{
				Name: texts[0], Key: texts[1], Secret: texts[2], Host: texts[3], Attendee: texts[4], Command: texts[5], Back: texts[6],
				IsHost: bits&1 != 0, Locked: bits&2 != 0,
			}
			c := &call{site: &site.Site{Config: site.Config{Name: "acme"}}}
			roomPage(r)(c)
			var want bytes.Buffer
			g.Expect(templates()["room"].ExecuteTemplate(&want, "layout", view{Site: "acme", Data: r})).To(Succeed())
			g.Expect(html.UnescapeString(c.out.String())).To(Equal(html.UnescapeString(want.String())))
			g.Expect(bytes.Count(c.out.Bytes(), []byte("<"))).To(Equal(bytes.Count(want.Bytes(), []byte("<"))), "no text became markup")
			g.Expect(bytes.Count(c.out.Bytes(), []byte(`"`))).To(Equal(bytes.Count(want.Bytes(), []byte(`"`))))
		}
	}
}
