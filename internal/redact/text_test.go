package redact

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestSecretsAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"my password is: geheim":                                 "my password is: ***",
		"The password is geheim, and it is right":                "The password is ***, and it is right",
		"PW=ge,he;im, as always":                                 "PW=***, as always",
		`password = "ge heim" was typed`:                         "password = *** was typed",
		`{"ticket":"geheim","AT":"LI"}`:                          `{"ticket":***,"AT":"LI"}`,
		`{"password": "ge\"heim", "ticket": "ge\"heim", "n": 1}`: `{"password": ***, "ticket": ***, "n": 1}`,
		"password = 'ge heim', it's right":                       "password = ***, it's right",
		"PID=geheim&AT=SU, SK: geheim":                           "PID=***&AT=SU, SK: ***",
		"Cookie: ticket=geheim; JSESSIONID=geheim":               "Cookie: ticket=***; JSESSIONID=***",
		"Cookie: other=geheim\nAT=LI":                            "Cookie: other=***\nAT=LI",
		"Cookie: geheim; other=geheim":                           "Cookie: ***; other=***",
		"JSESSIONID=geheim and ticket=geheim;Path=/;Secure":      "JSESSIONID=*** and ticket=***;Path=/;Secure",
		"set-cookie: x = geheim; Path=/; SameSite=None":          "set-cookie: x =***; Path=/; SameSite=None",
		"Authorization: Negotiate geheim":                        "Authorization: Negotiate ***",
		"Proxy-Authorization: Digest a=\"geheim\", b=\"geheim\"": "Proxy-Authorization: Digest ***",
		"Authorization: geheim":                                  "Authorization: ***",
		"log in with password geheim7, then click":               "log in with password ***, then click",
		"alice, PW 7geheim!; and pwd \"ge heim\"":                "alice, PW ***; and pwd ***",
		"he typed the password 3 times, and the password fails":  "he typed the password 3 times, and the password fails",
		"ticket (SameSite=None; Secure) is refused":              "ticket (SameSite=None; Secure) is refused",
		"curl -u alice:geheim https://a.example/":                "curl -u alice:*** https://a.example/",
		"curl -su alice:geheim --user 'alice:ge heim' x":         "curl -su alice:*** --user 'alice:***' x",
		"curl --proxy-user=\"a:geheim\" -U a:geheim":             "curl --proxy-user=\"a:***\" -U a:***",
		"type -u alice and go on: it fails":                      "type -u alice and go on: it fails",
		"a cookie is set, SameSite=Lax":                          "a cookie is set, SameSite=Lax",
	} {
		g := NewWithT(t)
		g.Expect(Text(text)).To(Equal(want))
		g.Expect(Text(want)).To(Equal(want))
	}
}
