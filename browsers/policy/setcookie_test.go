package policy_test

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

func TestParseSetCookie(t *testing.T) {
	for header, want := range map[string]policy.Cookie{
		`ticket="abc"; Version=1; Domain=webex.com; Path=/; Secure`: {Name: "ticket", ValueLength: 5, Domain: "webex.com", Path: "/", Secure: true},
		"a=1;SameSite=none;secure;PARTITIONED;httponly":             {Name: "a", ValueLength: 1, SameSite: policy.SameSiteNone, Secure: true, Partitioned: true, HTTPOnly: true},
		"a=1; SameSite=Later":                                    {Name: "a", ValueLength: 1},
		"a=1; SameSite=Strict; SameSite=Lax":                     {Name: "a", ValueLength: 1, SameSite: policy.SameSiteLax},
		"a=1; Max-Age=60":                                        {Name: "a", ValueLength: 1, Persistent: true},
		"a=1; Max-Age=99999999999999999999":                      {Name: "a", ValueLength: 1, Persistent: true},
		"a=1; Max-Age=-99999999999999999999":                     {Name: "a", ValueLength: 1, Persistent: true, Deletes: true},
		"a=1; Max-Age=+0":                                        {Name: "a", ValueLength: 1},
		"a=1; Max-Age=+5":                                        {Name: "a", ValueLength: 1},
		"a=1; Max-Age=-":                                         {Name: "a", ValueLength: 1},
		"a=1; Max-Age=soon":                                      {Name: "a", ValueLength: 1},
		"a=1; Expires=Wed, 01 Jan 2042 00:00:00 GMT":             {Name: "a", ValueLength: 1, Persistent: true},
		"a=; Max-Age=0":                                          {Name: "a", Persistent: true, Deletes: true},
		"a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT": {Name: "a", ValueLength: 1, Persistent: true},
		"a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT":             {Name: "a", ValueLength: 1, Persistent: true, Deletes: true},
		"a=1; Expires=Thu, 1 Jan 1970 00:00:00 GMT":              {Name: "a", ValueLength: 1, Persistent: true, Deletes: true},
		`a=1; Expires="Thu Jan 01 1970 00:00:00 GMT+0000 (UTC)"`: {Name: "a", ValueLength: 1, Persistent: true, Deletes: true},
		"a=1; Expires=Tue, 01-Jan-69 00:00:01 GMT":               {Name: "a", ValueLength: 1, Persistent: true},
		"a=1; Expires=whenever":                                  {Name: "a", ValueLength: 1},
		" a = b c ":                                              {Name: "a", ValueLength: 3},
		"nameless":                                               {ValueLength: 8},
		"=nameless":                                              {ValueLength: 8},
		"a=b=c; Path=x":                                          {Name: "a", ValueLength: 3, Path: "x"},
		"a=1; Path=/" + strings.Repeat("x", 1024):                {Name: "a", ValueLength: 1},
		"": {},
	} {
		NewWithT(t).Expect(policy.ParseSetCookie(header)).To(Equal(want), header)
	}
	at := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	NewWithT(t).Expect(policy.ParseSetCookieAt("a=1; Expires=Tue, 01 Jan 2030 00:00:00 GMT", at).Deletes).To(BeTrue())
	NewWithT(t).Expect(policy.ParseSetCookieAt("a=1; Expires=Tue, 01 Jan 2030 00:00:01 GMT", at).Deletes).To(BeFalse())
}
