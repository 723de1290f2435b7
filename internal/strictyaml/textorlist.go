package strictyaml

// TextOrList is a value that is written as one text or as a list of texts.
type TextOrList struct {
	Text string
	List []string
}

// UnmarshalYAML implements the interface of the YAML library; Read has made sure that it is one of both.
func (t *TextOrList) UnmarshalYAML(unmarshal func(any) error) error {
	if unmarshal(&t.Text) == nil {
		return nil
	}
	return unmarshal(&t.List)
}

// IsZero says that nothing was written.
func (t TextOrList) IsZero() bool { return t.Text == "" && len(t.List) == 0 }
