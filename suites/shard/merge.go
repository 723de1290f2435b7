package shard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/cookiegate/cookiegate/suites/report"
	"github.com/cookiegate/cookiegate/suites/testbed"
)

// Merge makes the run of which the blobs are the parts. A path is a blob or a folder that holds some. The error says which blobs do not
// belong together, or what is missing, and what was expected.
func Merge(paths []string) (report.Run, error) {
	files, err := found(paths)
	if err != nil {
		return report.Run{}, err
	}
	var blobs []Blob
	var unreadable []error
	for _, file := range files {
		b, err := Read(file)
		if err != nil {
			unreadable = append(unreadable, err)
			continue
		}
		blobs = append(blobs, b)
	}
	if err := errors.Join(unreadable...); err != nil {
		return report.Run{}, err
	}
	if err := belong(blobs); err != nil {
		return report.Run{}, err
	}
	if err := whole(blobs); err != nil {
		return report.Run{}, err
	}
	return joined(blobs), nil
}

// found are the blobs at paths.
func found(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("%w; expected a blob such as blob-2-of-5.json.gz, or a folder that holds some", err)
		}
		if !info.IsDir() {
			files = append(files, path)
			continue
		}
		inside, err := fs.Glob(os.DirFS(path), "blob-*-of-*.json.gz")
		if err != nil {
			return nil, err
		}
		if len(inside) == 0 {
			return nil, fmt.Errorf("%s holds no blob; expected files such as blob-2-of-5.json.gz", path)
		}
		for _, name := range inside {
			files = append(files, filepath.Join(path, name))
		}
	}
	if len(files) == 0 {
		return nil, errors.New("nothing to merge; expected the blobs of all shards")
	}
	return files, nil
}

// belong says whether blobs are of one run.
func belong(blobs []Blob) error {
	first := blobs[0]
	for _, b := range blobs[1:] {
		differ := func(what string, one, other any) error {
			return fmt.Errorf("%s and %s are of different runs: %s is %v in the one and %v in the other; expected one run's blobs", first.file, b.file, what, one, other)
		}
		switch {
		case b.Program != first.Program:
			return differ("cookiegate's version", first.Program, b.Program)
		case b.Shard.Total != first.Shard.Total:
			return differ("the number of shards", first.Shard.Total, b.Shard.Total)
		case !slices.Equal(b.Plan, first.Plan):
			return differ("the selection", differing(first.Plan, b.Plan), differing(b.Plan, first.Plan))
		case b.Repeat != first.Repeat: // in the one a case that differs shows as flaky, in the other it does not
			return differ("how often a case is run", first.Repeat, b.Repeat)
		case !reflect.DeepEqual(b.Run.Gate, first.Run.Gate):
			return differ("what the run is held to", fmt.Sprintf("%+v", first.Run.Gate), fmt.Sprintf("%+v", b.Run.Gate))
		}
	}
	return nil
}

// differing says how a plan differs from another: how many cases it has, and the first that the other has not.
func differing(plan, other []string) string {
	text := fmt.Sprintf("%d cases", len(plan))
	for _, id := range plan {
		if !slices.Contains(other, id) {
			return text + " with " + id
		}
	}
	return text
}

// whole says whether blobs of one run are all there, each once and with the results of all its cases.
func whole(blobs []Blob) error {
	total := blobs[0].Shard.Total
	have := make([]string, total+1)
	var wrong []error
	for _, b := range blobs {
		if other := have[b.Shard.Index]; other != "" {
			wrong = append(wrong, fmt.Errorf("%s and %s are both shard %s; expected each once", other, b.file, b.Shard))
			continue
		}
		have[b.Shard.Index] = b.file
		wrong = append(wrong, complete(b))
	}
	var missing []string
	for i, file := range have[1:] {
		if file == "" {
			missing = append(missing, FileName(Shard{i + 1, total}))
		}
	}
	if len(missing) > 0 {
		wrong = append(wrong, fmt.Errorf("%s missing: expected the blobs of all %d shards, found %d", strings.Join(missing, ", "), total, total-len(missing)))
	}
	return errors.Join(wrong...)
}

// complete says whether a blob holds the results of its shard's cases, and no others.
func complete(b Blob) error {
	own := map[string]bool{}
	for _, id := range b.Shard.Of(b.Plan) {
		own[id] = true
	}
	expected := len(own)
	for _, r := range b.Run.Results {
		if !own[r.ID] {
			return fmt.Errorf("%s has a result for %s; expected only cases of shard %s", b.file, r.ID, b.Shard)
		}
		delete(own, r.ID)
	}
	for _, id := range b.Plan {
		if own[id] {
			return fmt.Errorf("%s has %d results; expected %d: one is missing for %s", b.file, len(b.Run.Results), expected, id)
		}
	}
	return nil
}

// joined is the run of which blobs are the parts: cases in the order of the plan, from the first shard's start to the last one's end. The
// seed is theirs where they share one.
func joined(blobs []Blob) report.Run {
	first := blobs[0].Run
	run := report.Run{Started: first.Started, Seed: first.Seed, Gate: first.Gate}
	var end time.Time
	results := map[string]testbed.Result{}
	for _, b := range blobs {
		if b.Run.Started.Before(run.Started) {
			run.Started = b.Run.Started
		}
		if e := b.Run.Started.Add(b.Run.Duration); e.After(end) {
			end = e
		}
		if b.Run.Seed != run.Seed {
			run.Seed = 0
		}
		for _, browser := range b.Run.Browsers {
			if !slices.Contains(run.Browsers, browser) {
				run.Browsers = append(run.Browsers, browser)
			}
		}
		for _, r := range b.Run.Results {
			results[r.ID] = r
		}
	}
	run.Duration = end.Sub(run.Started)
	for _, id := range blobs[0].Plan {
		run.Results = append(run.Results, results[id])
	}
	return run
}
