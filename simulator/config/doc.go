// Package config reads what a simulator is to serve from a YAML file: the sites with everything about them, the clock and the limits of the journal.
//
// The file is read strictly: an unknown key, a wrong type and a value that makes no sense are errors with file, line, column, field and what was expected.
// docs/serve.example.yaml shows every key there is.
package config
