// Package strictyaml reads a YAML file into a Go value and explains every mistake in it: file, line, column, field, and what was expected
// there instead.
//
// The Go type is the format's only description. A key without omitempty in its tag must be there and must not be empty; a key that the
// type does not have, a key given twice and a value of another type are mistakes; a named string type may be held to a Vocabulary. What
// a type cannot say, the caller checks and reports at the place where the value stands in the file.
//
// Anchors, aliases, tags and merge keys are refused: a person reading the file sees all of it where it stands.
package strictyaml
