package shard

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/cookiegate/cookiegate/suites/report"
)

// Version is the version of the blobs that this package writes and reads.
const Version = 1

// Blob is what a shard leaves for the report of the whole run.
type Blob struct {
	Shard   Shard
	Program string     // the version of cookiegate that wrote it; empty: this one
	Plan    []string   // the names of all cases of the run, those of other shards too, in their order
	Repeat  int        // how often every case was run
	Run     report.Run // the shard's own cases, with their pictures and traces
	file    string
}

// document is a blob as it is written: JSON, compressed.
type document struct {
	Version  int               `json:"version"`
	Program  string            `json:"program"`
	Shard    string            `json:"shard"`
	Plan     []string          `json:"plan"`
	Repeat   int               `json:"repeat"`
	Results  json.RawMessage   `json:"results"`  // as in results.json
	Pictures map[string][]byte `json:"pictures"` // by case; so the others
	Earlier  map[string][]byte `json:"earlier,omitempty"`
	Traces   map[string][]byte `json:"traces,omitempty"`
}

// FileName is the name of a shard's blob.
func FileName(s Shard) string { return fmt.Sprintf("blob-%d-of-%d.json.gz", s.Index, s.Total) }

// Write writes a blob into a folder, whole or not at all. Blobs of other shards that lie there stay.
func Write(dir string, b Blob) error {
	var results bytes.Buffer
	if err := report.JSON(&results, b.Run); err != nil {
		return err
	}
	doc := document{Version: Version, Program: b.Program, Shard: b.Shard.String(), Plan: b.Plan, Repeat: b.Repeat, Results: results.Bytes(),
		Pictures: map[string][]byte{}, Earlier: map[string][]byte{}, Traces: map[string][]byte{}}
	if doc.Program == "" {
		doc.Program = program()
	}
	for _, r := range b.Run.Results {
		if len(r.PNG) > 0 {
			doc.Pictures[r.ID] = r.PNG
		}
		if len(r.EarlierPNG) > 0 {
			doc.Earlier[r.ID] = r.EarlierPNG
		}
		if r.Trace == "" {
			continue
		}
		trace, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(r.Trace)))
		if err != nil {
			return err
		}
		doc.Traces[r.ID] = trace
	}
	return report.WriteFile(filepath.Join(dir, FileName(b.Shard)), func(w io.Writer) error {
		z := gzip.NewWriter(w)
		if err := json.NewEncoder(z).Encode(doc); err != nil {
			return err
		}
		return z.Close()
	})
}

// Read reads a blob. The error names the file and what was expected.
func Read(path string) (Blob, error) {
	b, err := read(path)
	if err != nil {
		var named *os.PathError
		if errors.As(err, &named) {
			return Blob{}, err
		}
		return Blob{}, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

func read(path string) (Blob, error) {
	f, err := os.Open(path)
	if err != nil {
		return Blob{}, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return Blob{}, fmt.Errorf("%w; expected the blob of a shard, such as blob-2-of-5.json.gz", err)
	}
	d := json.NewDecoder(z)
	var doc document
	if err := d.Decode(&doc); err != nil {
		return Blob{}, fmt.Errorf("%w; expected the blob of a shard, whole", err)
	}
	switch _, err := d.Token(); { // to the end, where the checksum is
	case err == nil:
		return Blob{}, errors.New("goes on after its end; expected the blob of a shard")
	case !errors.Is(err, io.EOF):
		return Blob{}, fmt.Errorf("%w; expected the blob of a shard, whole", err)
	}
	if doc.Version != Version {
		return Blob{}, fmt.Errorf("is a blob of version %d; expected %d: it was written by another version of cookiegate (%s)", doc.Version, Version, doc.Program)
	}
	b := Blob{Program: doc.Program, Plan: doc.Plan, Repeat: doc.Repeat, file: path}
	if b.Shard, err = Parse(doc.Shard); err != nil {
		return Blob{}, fmt.Errorf("shard: %w", err)
	}
	if b.Run, err = report.ParseJSON("results", doc.Results); err != nil {
		return Blob{}, err
	}
	for i := range b.Run.Results {
		r := &b.Run.Results[i]
		r.PNG, r.EarlierPNG, r.TraceZip = doc.Pictures[r.ID], doc.Earlier[r.ID], doc.Traces[r.ID]
	}
	return b, nil
}

// program is the version of the running program: a release, or the commit it was built from.
func program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			version += " " + s.Value
		}
	}
	return version
}
