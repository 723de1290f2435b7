package report

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cookiegate/cookiegate/internal/lazyregexp"
)

// evidenceOf is the file of a case beside the report, by the case's name: a screenshot, the one before the last step, a trace, and those of its repetitions.
var evidenceOf = lazyregexp.New(`^(.+?)(?:\.earlier\.png|\.png|(?:\.[0-9]+)?\.zip)$`)

// RemoveEarlier removes from a folder beside dir's results.json what a run before this one kept there: the files of the cases that it lists. Whatever else
// lies there is somebody's own and stays, as all does where that file tells nothing.
func RemoveEarlier(dir, folder string) error {
	var before struct {
		Cases []struct {
			ID string `json:"id"`
		} `json:"cases"`
	}
	if data, err := os.ReadFile(filepath.Join(dir, resultsFile)); err != nil || json.Unmarshal(data, &before) != nil {
		return nil
	}
	listed := map[string]bool{}
	for _, c := range before.Cases {
		listed[FileName(c.ID)] = true
	}
	files, err := os.ReadDir(filepath.Join(dir, folder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, f := range files {
		if m := evidenceOf.FindStringSubmatch(f.Name()); m == nil || !listed[m[1]] {
			continue
		}
		if err := os.Remove(filepath.Join(dir, folder, f.Name())); err != nil {
			return err
		}
	}
	return nil
}
