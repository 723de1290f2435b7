package strictyaml

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"
)

func TestJoinedMistakesAreReportedEachAtItsField(t *testing.T) {
	g := NewWithT(t)
	var into struct {
		Zones struct {
			Level string `yaml:"level"`
		} `yaml:"zones"`
		Sites []string `yaml:"sites"`
	}
	d, err := Read("f.yaml", []byte("sites: [a]\nzones:\n  level: x\n"), &into, nil)
	g.Expect(err).NotTo(HaveOccurred())
	d.ReportEach("zones", nil)
	g.Expect(d.Err()).NotTo(HaveOccurred())
	d.ReportEach("zones", errors.Join(errors.New("level: is x"), errors.New("nothing good")))
	g.Expect(d.Err()).To(MatchError("f.yaml:3:3: zones: nothing good\nf.yaml:3:10: zones.level: is x"))
}
