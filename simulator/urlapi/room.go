package urlapi

import (
	"html/template"
	"strings"
	"sync"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// room is a meeting's room as one of those in it sees it.
type room struct {
	Name     string // the meeting's
	Key      string
	Secret   string // of the room
	Host     string // the host's name
	Attendee string // the attendee's name, "" in the host's room and for who gave none
	Command  string // HM, IM or JM
	Back     string // where the browser goes afterwards
	IsHost   bool   // it is the host's room
	Locked   bool
}

func newRoom(c *call, command string, m site.Meeting) room {
	return room{
		Name: m.Name, Key: m.Key, Secret: m.Room, Host: c.hostOf(m), Command: command, Back: c.back, IsHost: command != "JM", Locked: m.Locked,
	}
}

// texts are the room's texts, in the order of roomMarks.
func (r *room) texts(siteName string) [8]string {
	return [8]string{siteName, r.Name, r.Key, r.Secret, r.Host, r.Attendee, r.Command, r.Back}
}

// roomMarks stand for the room's texts in a skeleton: letters only, which the template leaves as they are.
var roomMarks = [8]string{"MarkSite", "MarkName", "MarkKey", "MarkSecret", "MarkHost", "MarkAttendee", "MarkCommand", "MarkBack"}

// roomShape is what decides which parts of the room's page there are.
type roomShape struct{ isHost, locked, named bool }

// skeleton is a page with gaps: part, text, part, text, …, part.
type skeleton struct {
	parts []string
	texts []int // which text goes after each part but the last
}

// skeletons are the room's page in its shapes. Rooms are the page of the busiest command: their template is run once a shape, and not for every answer.
// Each text stands between tags or in a quoted attribute, where one way of escaping is right.
var skeletons = sync.OnceValue(func() map[roomShape]skeleton {
	m := map[roomShape]skeleton{}
	for bits := range 8 {
		shape := roomShape{isHost: bits&1 != 0, locked: bits&2 != 0, named: bits&4 != 0}
		marked := room{
			Name: roomMarks[1], Key: roomMarks[2], Secret: roomMarks[3], Host: roomMarks[4], Command: roomMarks[6], Back: roomMarks[7],
			IsHost: shape.isHost, Locked: shape.locked,
		}
		if shape.named {
			marked.Attendee = roomMarks[5]
		}
		var page strings.Builder
		if err := templates()["room"].ExecuteTemplate(&page, "layout", view{Site: roomMarks[0], Data: marked}); err != nil {
			panic(err) // the template is ours
		}
		m[shape] = cut(page.String(), roomMarks[:])
	}
	return m
})

// cut cuts a page at the marks.
func cut(page string, marks []string) skeleton {
	var s skeleton
	for {
		first, which := len(page), -1
		for i, mark := range marks {
			if at := strings.Index(page, mark); at >= 0 && at < first {
				first, which = at, i
			}
		}
		s.parts = append(s.parts, page[:first])
		if which < 0 {
			return s
		}
		s.texts = append(s.texts, which)
		page = page[first+len(marks[which]):]
	}
}

func roomPage(r room) page {
	return func(c *call) {
		texts := r.texts(c.site.Config.Name)
		s := skeletons()[roomShape{r.IsHost, r.Locked, r.Attendee != ""}]
		for i, part := range s.parts {
			c.out.WriteString(part)
			if i < len(s.texts) {
				c.out.WriteString(template.HTMLEscapeString(texts[s.texts[i]]))
			}
		}
	}
}
