package control

import (
	_ "embed"
	"net/http"
	"sync"

	"github.com/goccy/go-yaml"
)

// Document is the OpenAPI document of the API, YAML.
//
//go:embed openapi.yaml
var Document []byte

var documentJSON = sync.OnceValues(func() ([]byte, error) { return yaml.YAMLToJSON(Document) })

func (a *API) getDocument(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/yaml")
	w.Write(Document)
	return nil
}

func (a *API) getDocumentJSON(w http.ResponseWriter, _ *http.Request) error {
	document, err := documentJSON()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(document)
	return nil
}

func (a *API) getCA(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/x-pem-file")
	w.Write(a.ca)
	return nil
}

// Health is the answer of a simulator that is ready.
type Health struct {
	Status string `json:"status"` // "ok"
}

func (a *API) health(*http.Request) (any, error) { return Health{"ok"}, nil }
