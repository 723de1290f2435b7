package wording

import "strings"

// Quoted is a word in quotes for a shell.
func Quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// ShellWord is a word as a person would type it into a shell: in quotes only where the shell would read something else.
func ShellWord(s string) string {
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-"
	if s != "" && strings.Trim(s, plain) == "" {
		return s
	}
	return Quoted(s)
}
