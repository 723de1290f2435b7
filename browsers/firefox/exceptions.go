package firefox

import (
	"fmt"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// What Firefox's permission "cookie" means by a number.
var permission = map[policy.Decision]int{policy.Allow: 1, policy.Block: 2, policy.SessionOnly: 8}

// entries are the origins of an exception as Firefox wants them. A person's typing goes in as it is.
func entries(e policy.Exception) []string {
	switch {
	case e.Typed != "":
		return []string{e.Typed}
	case len(e.Origins) > 0:
		return e.Origins
	case e.Site != "":
		return []string{"https://" + e.Site}
	}
	return nil
}

// defaultExceptions names a list of exceptions that a profile begins with.
const defaultExceptions = "permissions.manager.defaultsUrl"

// permissions is the list of a person's exceptions in the format of defaultExceptions; nil when there are none.
func permissions(p policy.Policy) []byte {
	var b strings.Builder
	for _, e := range p.Exceptions {
		if e.By == policy.Person {
			for _, origin := range entries(e) {
				fmt.Fprintf(&b, "origin\tcookie\t%d\t%s\n", permission[e.Decision], origin)
			}
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return []byte(b.String())
}
