package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/suites/report"
)

const deploy = "../../deploy/"

// pipeline is what a file in deploy does, as the system that it is for would do it.
type pipeline struct {
	shards []job
	gate   job
}

// job is a command in a fresh working folder, with what the system sets.
type job struct {
	words []string
	env   map[string]string
	// keep is what of the folder outlives the job, and where it lies in the gate's folder.
	keep map[string]string
}

func readYAML(g *WithT, name string, into any) {
	text, err := os.ReadFile(deploy + name)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(yaml.UnmarshalWithOptions(text, into, yaml.Strict())).To(Succeed(), name)
}

// words are a command without what calls it.
func words(g *WithT, command string) []string {
	rest, ok := strings.CutPrefix(command, "cookiegate ")
	g.Expect(ok).To(BeTrue(), command)
	g.Expect(command).NotTo(ContainSubstring("'"), "blanks alone part the words")
	return strings.Fields(rest)
}

func github(g *WithT) pipeline {
	type step struct {
		Uses string
		Run  string
		If   string
		Env  map[string]string
		With map[string]any
	}
	var doc struct {
		Name        string
		On          []string
		Permissions map[string]string
		Jobs        map[string]struct {
			RunsOn   string `yaml:"runs-on"`
			Needs    string
			If       string
			Strategy struct {
				FailFast *bool `yaml:"fail-fast"`
				Matrix   map[string][]int
			}
			Steps []step
		}
	}
	readYAML(g, "github.yml", &doc)
	g.Expect(slices.Sorted(maps.Keys(doc.Jobs))).To(Equal([]string{"gate", "shard"}))
	shard, gate := doc.Jobs["shard"], doc.Jobs["gate"]
	g.Expect(*shard.Strategy.FailFast).To(BeFalse(), "one shard's failure stops no other")
	g.Expect(gate.Needs).To(Equal("shard"))
	g.Expect(gate.If).To(Equal("${{ !cancelled() }}"), "also after a failure")
	only := func(steps []step, command string) step {
		at := slices.IndexFunc(steps, func(s step) bool { return strings.HasPrefix(s.Run, "cookiegate "+command) })
		g.Expect(at).To(BeNumerically(">=", 0), command)
		return steps[at]
	}
	using := func(steps []step, action string) step {
		at := slices.IndexFunc(steps, func(s step) bool { return strings.HasPrefix(s.Uses, action) })
		g.Expect(at).To(BeNumerically(">=", 0), action)
		return steps[at]
	}
	g.Expect(only(shard.Steps, "setup").Run).To(Equal("cookiegate setup"))
	upload, download := using(shard.Steps, "actions/upload-artifact"), using(gate.Steps, "actions/download-artifact")
	g.Expect(upload.If).To(Equal("${{ !cancelled() }}"))
	g.Expect(download.With["pattern"]).To(Equal("blob-*"))
	g.Expect(download.With["merge-multiple"]).To(BeTrue())
	run := only(shard.Steps, "run")
	total := len(shard.Strategy.Matrix["shard"])
	var p pipeline
	for _, n := range shard.Strategy.Matrix["shard"] {
		expand := strings.NewReplacer("${{ matrix.shard }}", strconv.Itoa(n), "${{ strategy.job-total }}", strconv.Itoa(total))
		g.Expect(expand.Replace(upload.With["name"].(string))).To(Equal(fmt.Sprintf("blob-%d", n)))
		env := map[string]string{}
		for key, value := range run.Env {
			env[key] = expand.Replace(value)
		}
		p.shards = append(p.shards, job{words(g, run.Run), env, map[string]string{upload.With["path"].(string): download.With["path"].(string)}})
	}
	p.gate = job{words: words(g, only(gate.Steps, "merge").Run)}
	return p
}

func gitlab(g *WithT) pipeline {
	type definition struct {
		Stage     string
		Image     struct{ Name, Entrypoint any }
		Parallel  int
		When      string
		Needs     []string
		Script    []string
		Artifacts struct {
			When    string
			Paths   []string
			Reports map[string]string
		}
	}
	var doc struct {
		Stages []string
		Shards definition `yaml:"cookiegate"`
		Gate   definition `yaml:"cookiegate gate"`
	}
	readYAML(g, "gitlab.yml", &doc)
	for _, d := range []definition{doc.Shards, doc.Gate} {
		g.Expect(d.Image.Name).To(Equal("$COOKIEGATE_IMAGE"))
		g.Expect(d.Artifacts.When).To(Equal("always"))
		g.Expect(doc.Stages).To(ContainElement(d.Stage))
		g.Expect(d.Script).To(HaveLen(1))
	}
	g.Expect(doc.Gate.When).To(Equal("always"), "also after a failure")
	g.Expect(doc.Gate.Needs).To(Equal([]string{"cookiegate"}))
	var p pipeline
	for n := range doc.Shards.Parallel {
		env := map[string]string{"CI_NODE_INDEX": strconv.Itoa(n + 1), "CI_NODE_TOTAL": strconv.Itoa(doc.Shards.Parallel)}
		j := job{words(g, doc.Shards.Script[0]), env, map[string]string{doc.Shards.Artifacts.Reports["junit"]: "."}}
		for _, path := range doc.Shards.Artifacts.Paths {
			j.keep[path] = filepath.Dir(path) // GitLab lays artifacts where they lay
		}
		p.shards = append(p.shards, j)
	}
	p.gate = job{words: words(g, doc.Gate.Script[0]), env: map[string]string{"CI_NODE_TOTAL": "1"}}
	return p
}

func kubernetes(g *WithT) pipeline {
	type manifest struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   struct {
			Name   string
			Labels map[string]string
		}
		Spec struct {
			AccessModes          []string `yaml:"accessModes"`
			Resources            map[string]any
			CompletionMode       string `yaml:"completionMode"`
			Completions          int
			Parallelism          int
			BackoffLimitPerIndex *int `yaml:"backoffLimitPerIndex"`
			BackoffLimit         *int `yaml:"backoffLimit"`
			Template             struct {
				Spec struct {
					RestartPolicy string `yaml:"restartPolicy"`
					Containers    []struct {
						Name, Image     string
						Args            []string
						Env             []struct{ Name, Value string }
						SecurityContext map[string]any `yaml:"securityContext"`
						Resources       map[string]any
						VolumeMounts    []struct {
							Name      string
							MountPath string `yaml:"mountPath"`
						} `yaml:"volumeMounts"`
					}
					Volumes []map[string]any
				}
			}
		}
	}
	text, err := os.ReadFile(deploy + "kubernetes.yaml")
	g.Expect(err).NotTo(HaveOccurred())
	jobs := map[string]manifest{}
	d := yaml.NewDecoder(bytes.NewReader(text), yaml.Strict())
	for {
		var m manifest
		err := d.Decode(&m)
		if err == io.EOF {
			break
		}
		g.Expect(err).NotTo(HaveOccurred())
		if m.Kind == "Job" {
			g.Expect(m.APIVersion).To(Equal("batch/v1"))
			g.Expect(m.Spec.Template.Spec.RestartPolicy).To(Equal("Never"), "nothing is tried again")
			g.Expect(m.Spec.Template.Spec.Containers[0].Image).To(Equal("${COOKIEGATE_IMAGE}"))
			jobs[m.Metadata.Labels["part"]] = m
		}
	}
	run, gate := jobs["run"].Spec, jobs["gate"].Spec
	g.Expect(run.CompletionMode).To(Equal("Indexed"))
	g.Expect(*run.BackoffLimitPerIndex).To(BeZero(), "nothing is tried again")
	g.Expect(*gate.BackoffLimit).To(BeZero(), "nor here")
	shard := run.Template.Spec.Containers[0]
	volume := shard.VolumeMounts[0].MountPath
	g.Expect(gate.Template.Spec.Containers[0].VolumeMounts[0].MountPath).To(Equal(volume))
	inside := func(args []string, more ...string) []string {
		expand := strings.NewReplacer(append(more, volume, strings.TrimPrefix(volume, "/"))...)
		var all []string
		for _, a := range args {
			all = append(all, expand.Replace(a))
		}
		return all
	}
	var p pipeline
	for n := range run.Completions {
		env := map[string]string{"JOB_COMPLETION_INDEX": strconv.Itoa(n)}
		for _, v := range shard.Env {
			env[v.Name] = v.Value
		}
		folder := filepath.Join(strings.TrimPrefix(volume, "/"), strconv.Itoa(n))
		p.shards = append(p.shards, job{inside(shard.Args, "$(JOB_COMPLETION_INDEX)", strconv.Itoa(n)), env, map[string]string{folder + "/blob-*": folder}})
	}
	p.gate = job{words: inside(gate.Template.Spec.Containers[0].Args)}
	return p
}

// A portal that nobody starts, since no browser is there to ask it.
const portalOfTheirs = `name: theirs
portal: https://portal.theirs.example
upstream: http://127.0.0.1:9
site: theirs
host: alice
steps:
  - visit: /
    await: HM
`

// TestPipelinesDoWhatTheySay runs the commands of each pipeline as its system would, in folders of their own and without any browser: each shard
// leaves its blob, and the gate makes one report of them that has every case once.
func TestPipelinesDoWhatTheySay(t *testing.T) {
	for name, read := range map[string]func(g *WithT) pipeline{"GitHub": github, "GitLab": gitlab, "Kubernetes": kubernetes} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			p := read(g)
			g.Expect(p.shards).To(HaveLen(5))
			shared := t.TempDir()
			for _, j := range p.shards {
				folder := t.TempDir()
				g.Expect(os.WriteFile(filepath.Join(folder, "integration.yaml"), []byte(portalOfTheirs), 0o600)).To(Succeed())
				g.Expect(os.WriteFile(filepath.Join(folder, "baseline.yaml"), []byte("version: 1\n"), 0o600)).To(Succeed())
				code, said := withoutBrowsers(t, folder, j)
				g.Expect(code).To(Or(Equal(2), BeZero()), said) // zero: all its cases are of policies that their engines do not have
				g.Expect(said).To(MatchRegexp(`shard \d/5: \d+ of the run's 21 cases`))
				for pattern, to := range j.keep {
					files, err := filepath.Glob(filepath.Join(folder, pattern))
					g.Expect(err).NotTo(HaveOccurred())
					g.Expect(files).NotTo(BeEmpty(), pattern)
					for _, file := range files {
						g.Expect(os.MkdirAll(filepath.Join(shared, to), 0o755)).To(Succeed())
						g.Expect(os.Rename(file, filepath.Join(shared, to, filepath.Base(file)))).To(Succeed())
					}
				}
			}
			code, said := withoutBrowsers(t, shared, p.gate)
			g.Expect(code).To(Equal(2), said)
			out := p.gate.words[slices.Index(p.gate.words, "--out")+1]
			run, err := report.ReadJSON(filepath.Join(shared, out, "results.json"))
			g.Expect(err).NotTo(HaveOccurred(), said)
			ids := map[string]bool{}
			for _, r := range run.Results {
				ids[r.ID] = true
			}
			g.Expect(ids).To(HaveLen(21), "seven policies in three engines")
			g.Expect(run.Results).To(HaveLen(21))
			g.Expect(run.Gate.Baseline).To(Equal("baseline.yaml"))
		})
	}
}

// withoutBrowsers runs a job on a machine that has none, and returns its exit code and what it said.
func withoutBrowsers(t *testing.T, folder string, j job) (int, string) {
	t.Helper()
	c := cookiegate(t, j.words...)
	c.Dir = folder
	for _, engine := range []string{"CHROMIUM", "FIREFOX", "WEBKIT"} {
		c.Env = append(c.Env, "COOKIEGATE_"+engine+"="+filepath.Join(folder, "none"))
	}
	for _, key := range []string{"GITHUB_ACTIONS", "SHARD", "SHARD_TOTAL", "CI_NODE_INDEX", "JOB_COMPLETION_INDEX"} {
		c.Env = append(c.Env, key+"=") // of the pipeline that runs this test
	}
	for key, value := range j.env {
		c.Env = append(c.Env, key+"="+value)
	}
	said, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatal(err)
	}
	return c.ProcessState.ExitCode(), string(said)
}

func TestTheContainerfileIsMadeOfWhatIsHere(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile(deploy + "Containerfile")
	g.Expect(err).NotTo(HaveOccurred())
	arguments := map[string]bool{}
	built := ""
	for line := range strings.Lines(string(text)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "ARG":
			arguments[rest] = true
		case "FROM":
			image, _, _ := strings.Cut(rest, " ")
			g.Expect(arguments).To(HaveKey(strings.Trim(image, "${}")), "an image is named by whoever builds")
		case "RUN":
			if m := regexp.MustCompile(`go build -o (\S+) (\S+)$`).FindStringSubmatch(rest); m != nil {
				built = m[1]
				g.Expect(filepath.Join("../..", m[2], "main.go")).To(BeAnExistingFile())
			}
			if command, ok := strings.CutPrefix(rest, "cookiegate "); ok {
				command, _, _ = strings.Cut(command, " && ")
				g.Expect(typed(command)).To(Succeed())
			}
		case "COPY":
			if from, ok := strings.CutPrefix(rest, "--from=build "); ok {
				g.Expect(strings.Fields(from)).To(Equal([]string{built, "/usr/local/bin/cookiegate"}))
			}
		case "CMD":
			g.Expect(typed(strings.Trim(rest, `[]"`))).To(Succeed())
		}
	}
	g.Expect(built).NotTo(BeEmpty())
}

// What may be pulled from where is not for us to say.
func TestNoPipelineNamesARegistry(t *testing.T) {
	g := NewWithT(t)
	files, err := filepath.Glob(deploy + "*")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(len(files)).To(BeNumerically(">=", 5))
	host := regexp.MustCompile(`[a-z0-9-]+(\.[a-z0-9-]+)*\.(io|com|org|net|dev)\b(/[a-z0-9-]+)?`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		g.Expect(err).NotTo(HaveOccurred())
		for _, found := range host.FindAllString(string(text), -1) {
			g.Expect(found).To(Equal("github.com/cookiegate"), file)
		}
	}
}
