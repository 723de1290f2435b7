package firefox

import (
	"fmt"
	"strings"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

// What Firefox's permission "cookie" means by a number.
var permission = map[policy.Decision]int{policy.Allow: 1, policy.Block: 2, policy.SessionOnly: 8}

// defaultExceptions names a list of exceptions that a profile begins with.
const defaultExceptions = "permissions.manager.defaultsUrl"

// permissions is the list of a person's exceptions in the format of defaultExceptions; nil when there are none.
func permissions(p policy.Policy) []byte {
	var b strings.Builder
	for _, e := range p.Exceptions {
		if e.By == policy.Person {
			for _, origin := range policy.FirefoxEntries(e) {
				fmt.Fprintf(&b, "origin\tcookie\t%d\t%s\n", permission[e.Decision], origin)
			}
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return []byte(b.String())
}
