package policy_test

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/browsers/policy"
)

func TestCookieDatesAreReadAsBrowsersReadThem(t *testing.T) {
	for text, want := range map[string]string{ // empty: none
		"Thu, 01 Jan 1970 00:00:00 GMT":                 "1970-01-01 00:00:00",
		"Thu, 1 Jan 1970 00:00:00 GMT":                  "1970-01-01 00:00:00",
		"Thu, 1-Jan-1970 00:00:00 GMT":                  "1970-01-01 00:00:00",
		"Thu, 01 Jan 1970 00:00:00":                     "1970-01-01 00:00:00",
		"Thu, 01 Jan 1970 00:00:00 +0000":               "1970-01-01 00:00:00",
		"Thu Jan 01 1970 00:00:00 GMT+0000 (UTC)":       "1970-01-01 00:00:00", // Date.toString
		"Thu Jan  1 00:00:00 1970":                      "1970-01-01 00:00:00", // asctime
		"Sunday, 06-Nov-94 08:49:37 GMT":                "1994-11-06 08:49:37", // RFC 850
		"1 Jan 1970 00:00:00 GMT":                       "1970-01-01 00:00:00",
		`"Thu, 01 Jan 1970 00:00:00 GMT"`:               "1970-01-01 00:00:00",
		"1970 January 1st 0:00:00Z":                     "1970-01-01 00:00:00",
		"JAN/1/2031;23:59:59":                           "2031-01-01 23:59:59",
		"Wed, 01 Jan 2031 00:00:00 PST":                 "2031-01-01 00:00:00", // a zone is not looked at
		"Wed, 01-Jan-69 00:00:01 GMT":                   "2069-01-01 00:00:01",
		"Thu, 01-Jan-70 00:00:01 GMT":                   "1970-01-01 00:00:01",
		"29 Feb 2032 12:00:00":                          "2032-02-29 12:00:00",
		"29 Feb 2031 12:00:00":                          "",
		"0 Jan 2031 12:00:00":                           "",
		"32 Jan 2031 12:00:00":                          "",
		"1 Jan 1600 12:00:00":                           "",
		"1 Jan 1601 12:00:00":                           "1601-01-01 12:00:00",
		"1 Jan 20310 12:00:00":                          "",
		"1 Jan 2031 24:00:00":                           "",
		"1 Jan 2031 12:60:00":                           "",
		"1 Jan 2031 12:00:60":                           "",
		"1 Jan 2031 12:00":                              "",
		"1 Jan 12:00:00":                                "",
		"1 2031 12:00:00":                               "",
		"Jan 2031 12:00:00":                             "",
		"whenever":                                      "",
		"0":                                             "",
		"":                                              "",
		"1924988400":                                    "",
		"Mon, 10-Dec-2007 17:02:24 GMT 11 Jan 2031 0:0": "2007-12-10 17:02:24", // the first of each counts
	} {
		got, ok := policy.ParseCookieDate(text)
		g := NewWithT(t)
		g.Expect(ok).To(Equal(want != ""), text)
		if ok {
			g.Expect(got.Format(time.DateTime)).To(Equal(want), text)
		}
	}
}
