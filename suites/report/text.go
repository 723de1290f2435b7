package report

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// columns is the width for which texts are laid out, in characters.
const columns = 100

// wrap breaks a text between words into lines of at most width characters; a longer word stands alone.
func wrap(text string, width int) []string {
	var lines []string
	for paragraph := range strings.Lines(text) {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			switch {
			case line == "":
				line = word
			case length(line)+1+length(word) <= width:
				line += " " + word
			default:
				lines = append(lines, line)
				line = word
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// pad fills a text with blanks up to width characters.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-length(text)))
}

// shorten cuts a text down to width characters, in the middle: its beginning and its end tell most.
func shorten(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	tail := (width - 1) / 3
	return string(runes[:width-1-tail]) + "…" + string(runes[len(runes)-tail:])
}

// cut cuts a text down to width characters, at its end.
func cut(text string, width int) string {
	runes := []rune(text)
	if len(runes) <= width {
		return text
	}
	return string(runes[:width-1]) + "…"
}

func length(text string) int { return utf8.RuneCountInString(text) }

// plural is a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// span is a duration as people say it.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%dm %02ds", int(d.Minutes()), int(d.Seconds())%60)
	default:
		return fmt.Sprintf("%dh %02dm", int(d.Hours()), int(d.Minutes())%60)
	}
}

// address is an address without its scheme, and of its query only the Webex command: what tells one hop from another.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	short := u.Host + u.EscapedPath()
	command := u.Query().Get("AT")
	switch {
	case command != "" && len(u.Query()) > 1:
		short += "?AT=" + command + "&…"
	case command != "":
		short += "?AT=" + command
	case u.RawQuery != "":
		short += "?…"
	}
	return short
}
