// Judge: reads YAML files as Kubernetes does, with go-yaml v2 itself, and prints what it read.
//
// For each file of a directory one line of JSON: its name, the values of its documents in order, or why
// it is refused. Files are split at `---` lines as k8s.io/apimachinery does it, and values become JSON
// as in sigs.k8s.io/yaml.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"

	yaml "gopkg.in/yaml.v2"
)

type answer struct {
	File   string        `json:"file"`
	Values []interface{} `json:"values"`
	Error  string        `json:"error,omitempty"`
}

func main() {
	names, err := filepath.Glob(filepath.Join(os.Args[1], "*.yaml"))
	if err != nil {
		panic(err)
	}
	sort.Strings(names)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		found := answer{File: filepath.Base(name), Values: []interface{}{}}
		for _, part := range split(text) {
			values, err := read(part)
			if err != nil {
				found.Error = err.Error()
				break
			}
			found.Values = append(found.Values, values...)
		}
		line, err := json.Marshal(found)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(out, "%s\n", line)
	}
}

// split cuts a text at its separator lines, as YAMLReader does: `---`, then nothing or a comment, and
// something before it.
func split(text []byte) [][]byte {
	var parts [][]byte
	var part []byte
	for _, line := range bytes.SplitAfter(text, []byte("\n")) {
		if bytes.HasPrefix(line, []byte("---")) {
			rest := bytes.TrimSpace(line[3:])
			if (len(rest) == 0 || rest[0] == '#') && len(part) > 0 {
				parts = append(parts, part)
				part = nil
				continue
			}
		}
		part = append(part, line...)
	}
	if len(part) > 0 {
		parts = append(parts, part)
	}
	return parts
}

// read gives the values of every document in a part; Kubernetes itself stops behind the first.
func read(part []byte) (values []interface{}, err error) {
	bare := bytes.TrimSpace(part)
	if bytes.HasPrefix(bare, []byte("{")) {
		var value interface{}
		decoder := json.NewDecoder(bytes.NewReader(bare))
		decoder.UseNumber()
		var more interface{}
		if decoder.Decode(&value) == nil && decoder.Decode(&more) == io.EOF {
			return []interface{}{value}, nil
		}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(part))
	decoder.SetStrict(true)
	for {
		var value interface{}
		if err := decoder.Decode(&value); err == io.EOF {
			return values, nil
		} else if err != nil {
			return nil, err
		}
		converted, err := jsonable(value)
		if err != nil {
			return nil, err
		}
		if converted != nil {
			values = append(values, converted)
		}
	}
}

func jsonable(value interface{}) (interface{}, error) {
	switch value := value.(type) {
	case map[interface{}]interface{}:
		object := map[string]interface{}{}
		for key, inner := range value {
			name, err := keyName(key)
			if err != nil {
				return nil, err
			}
			if _, exists := object[name]; exists {
				return nil, fmt.Errorf("two keys become %q", name)
			}
			if object[name], err = jsonable(inner); err != nil {
				return nil, err
			}
		}
		return object, nil
	case []interface{}:
		list := make([]interface{}, len(value))
		for at, inner := range value {
			var err error
			if list[at], err = jsonable(inner); err != nil {
				return nil, err
			}
		}
		return list, nil
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return nil, fmt.Errorf("json: unsupported value: %v", value)
		}
	}
	return value, nil
}

func keyName(key interface{}) (string, error) {
	switch key := key.(type) {
	case string:
		return key, nil
	case int:
		return strconv.Itoa(key), nil
	case int64:
		return strconv.FormatInt(key, 10), nil
	case bool:
		return strconv.FormatBool(key), nil
	case float64:
		text := strconv.FormatFloat(key, 'g', -1, 32)
		switch text {
		case "+Inf":
			text = ".inf"
		case "-Inf":
			text = "-.inf"
		case "NaN":
			text = ".nan"
		}
		return text, nil
	}
	return "", fmt.Errorf("unsupported map key %#v", key)
}
