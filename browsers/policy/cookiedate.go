package policy

import (
	"strconv"
	"strings"
	"time"
)

// ParseCookieDate reads the value of Expires as browsers do (RFC 6265bis, 5.1.1): the first words that look like a time, a day of the month, a month
// and a year count, in any order and between any punctuation. The others do not, a weekday and a zone among them: the time is UTC.
func ParseCookieDate(s string) (time.Time, bool) {
	hour, minute, second, day, year := -1, 0, 0, -1, -1
	var month time.Month
	for token := range strings.FieldsFuncSeq(s, betweenDateTokens) {
		if hour < 0 {
			if h, m, s, ok := timeOfDay(token); ok {
				hour, minute, second = h, m, s
				continue
			}
		}
		if day < 0 {
			if n, _, ok := leadingNumber(token, 1, 2); ok {
				day = n
				continue
			}
		}
		if month == 0 {
			if month = monthOf(token); month != 0 {
				continue
			}
		}
		if year < 0 {
			if n, _, ok := leadingNumber(token, 2, 4); ok {
				year = n
			}
		}
	}
	switch {
	case year >= 70 && year <= 99:
		year += 1900
	case year >= 0 && year <= 69:
		year += 2000
	}
	t := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	ok := year >= 1601 && month != 0 && hour >= 0 && hour <= 23 && minute <= 59 && second <= 59 && t.Day() == day // no 31 June, nor a day 0
	return t, ok
}

// betweenDateTokens says whether r separates the words of a date.
func betweenDateTokens(r rune) bool {
	return r == '\t' || r >= ' ' && r <= '/' || r >= ';' && r <= '@' || r >= '[' && r <= '`' || r >= '{' && r <= '~'
}

func timeOfDay(token string) (hour, minute, second int, ok bool) {
	var fields [3]int
	for i := range fields {
		if i > 0 {
			if token, ok = strings.CutPrefix(token, ":"); !ok {
				return 0, 0, 0, false
			}
		}
		if fields[i], token, ok = leadingNumber(token, 1, 2); !ok {
			return 0, 0, 0, false
		}
	}
	return fields[0], fields[1], fields[2], true
}

// leadingNumber is the number that s begins with, where that has from least to most digits.
func leadingNumber(s string, least, most int) (n int, rest string, ok bool) {
	rest = strings.TrimLeft(s, "0123456789")
	digits := len(s) - len(rest)
	if digits < least || digits > most {
		return 0, s, false
	}
	n, _ = strconv.Atoi(s[:digits])
	return n, rest, true
}

// monthOf is the month that token begins with the first three letters of, 0 where there is none.
func monthOf(token string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if hasPrefix(token, m.String()[:3]) {
			return m
		}
	}
	return 0
}
