package urlapi

import (
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/cookiegate/cookiegate/simulator/site"
)

// row is one way in which a command can be answered.
type row struct {
	command string // page and AT
	reason  string // its code; "" for success
	when    string // Reason.When, "" for success
	site    func(*site.Config)
	given   func(*world)
	form    string // without AT and BU
	result  string // what is appended to BU
	page    string // or the heading of the page that is shown
	xml     string // or the body
}

func alice(w *world) { w.logIn("alice", "secret") }

func token(c *site.Config) { c.CSRF = true }

// with logs alice in and changes what she sends.
func csrf(w *world) {
	alice(w)
	w.jar["_csrf_"] = "t"
}

const noLive = "no live session came along"

var rows = []row{
	{command: "p.php LI", form: "WID=alice&PW=secret", result: "AT=LI&WID=alice&ST=SUCCESS"},
	{command: "p.php LI", form: "WID=alice&TK=once", result: "AT=LI&WID=alice&ST=SUCCESS"},
	{command: "p.php LI", form: "WID=alice&PW=secret&PID=partner", result: "AT=LI&WID=alice&ST=SUCCESS"},
	{
		command: "p.php LI", reason: "AutoLoginDisabled", when: "the site has automatic login switched off",
		site: func(c *site.Config) { c.AutoLoginDisabled = true }, form: "WID=alice&PW=secret",
		result: "AT=LI&WID=alice&ST=FAIL&RS=AutoLoginDisabled",
	}, {
		command: "p.php LI", reason: "AlreadyLogon", when: "a live session came along, whoever's",
		given: alice, form: "WID=bob&PW=wrong", result: "AT=LI&WID=bob&ST=FAIL&RS=AlreadyLogon",
	}, {
		command: "p.php LI", reason: "BadWebExIDorPassword", when: "there is no account WID, or PW is not its password",
		form: "WID=alice&PW=Secret", result: "AT=LI&WID=alice&ST=FAIL&RS=BadWebExIDorPassword",
	}, {
		command: "p.php LI", reason: "BadWebExIDorPassword", when: "there is no account WID, or PW is not its password",
		form: "WID=nobody&PW=secret", result: "AT=LI&WID=nobody&ST=FAIL&RS=BadWebExIDorPassword",
	}, {
		command: "p.php LI", reason: "AccountLocked", when: "the account is locked",
		form: "WID=dave&PW=secret", result: "AT=LI&WID=dave&ST=FAIL&RS=AccountLocked",
	}, {
		command: "p.php LI", reason: "InvalidTicket", when: "TK is no unused one-time ticket of WID's",
		form: "WID=alice&TK=bobs", result: "AT=LI&WID=alice&ST=FAIL&RS=InvalidTicket",
	}, {
		command: "p.php LI", reason: "InvalidSessionTicket", when: "SK is no ticket of a live session of WID's",
		form: "WID=alice&SK=QUJD", result: "AT=LI&WID=alice&ST=FAIL&RS=InvalidSessionTicket",
	}, {
		command: "p.php LI", reason: "AccessDenied", when: "the account is not active",
		form: "WID=carol&PW=secret", result: "AT=LI&WID=carol&ST=FAIL&RS=AccessDenied",
	}, {
		command: "p.php LI", reason: "AccessDenied", when: "PID came and is not the site's",
		form: "WID=alice&PW=secret&PID=other", result: "AT=LI&WID=alice&ST=FAIL&RS=AccessDenied",
	},
	{
		command: "p.php LI", reason: "EmailConflict", when: "another account has EM",
		form: "WID=alice&PW=secret&EM=bob%40acme.example", result: "AT=LI&WID=alice&ST=FAIL&RS=EmailConflict",
	},

	{command: "p.php LO", given: alice, result: "AT=LO&ST=SUCCESS"},
	{command: "p.php LO", form: "WID=alice&MU=GoBack", result: "AT=LO&ST=SUCCESS"},
	{
		command: "p.php LO", reason: "AutoLoginDisabled", when: "the site has automatic login switched off",
		site: func(c *site.Config) { c.AutoLoginDisabled = true }, result: "AT=LO&ST=FAIL&RS=AutoLoginDisabled",
	},

	{command: "p.php PL", form: "WID=erin&PW=new&PID=partner&FN=Erin&LN=East&EM=erin%40acme.example", result: "AT=PL&WID=erin&ST=SUCCESS"},
	{command: "p.php PL", form: "WID=alice&PW=secret", result: "AT=PL&WID=alice&ST=SUCCESS"},
	{
		command: "p.php PL", reason: "AutoLoginDisabled", when: "the site has automatic login switched off",
		site: func(c *site.Config) { c.AutoLoginDisabled = true }, form: "WID=alice&PW=secret",
		result: "AT=PL&WID=alice&ST=FAIL&RS=AutoLoginDisabled",
	}, {
		command: "p.php PL", reason: "AlreadyLogon", when: "a live session came along, whoever's",
		given: alice, form: "WID=alice&PW=secret", result: "AT=PL&WID=alice&ST=FAIL&RS=AlreadyLogon",
	}, {
		command: "p.php PL", reason: "EmailConflict", when: "another account has EM",
		form: "WID=erin&PW=new&PID=partner&EM=alice%40acme.example", result: "AT=PL&WID=erin&ST=FAIL&RS=EmailConflict",
	}, {
		command: "p.php PL", reason: "BadWebExIDorPassword", when: "there is no account WID, or PW is not its password",
		form: "WID=alice&PW=wrong", result: "AT=PL&WID=alice&ST=FAIL&RS=BadWebExIDorPassword",
	}, {
		command: "p.php PL", reason: "AccountLocked", when: "the account is locked",
		form: "WID=dave&PW=secret", result: "AT=PL&WID=dave&ST=FAIL&RS=AccountLocked",
	}, {
		command: "p.php PL", reason: "InvalidTicket", when: "TK is no unused one-time ticket of WID's",
		form: "WID=alice&TK=bobs", result: "AT=PL&WID=alice&ST=FAIL&RS=InvalidTicket",
	}, {
		command: "p.php PL", reason: "InvalidSessionTicket", when: "SK is no ticket of a live session of WID's",
		form: "WID=alice&SK=QUJD", result: "AT=PL&WID=alice&ST=FAIL&RS=InvalidSessionTicket",
	}, {
		command: "p.php PL", reason: "AccessDenied", when: "PID came and is not the site's",
		form: "WID=erin&PW=new&PID=other", result: "AT=PL&WID=erin&ST=FAIL&RS=AccessDenied",
	}, {
		command: "p.php PL", reason: "AccessDenied", when: "the account is not active",
		form: "WID=carol&PW=secret", result: "AT=PL&WID=carol&ST=FAIL&RS=AccessDenied",
	},

	{command: "p.php SU", form: "PID=partner&WID=erin&PW=x&FN=Erin&LN=East&EM=erin%40acme.example", result: "AT=SU&WID=erin&ST=SUCCESS"},
	{
		command: "p.php SU", reason: "PartnerIDError", when: "PID is not the site's, checked before anything else",
		site: func(c *site.Config) { c.AutoLoginDisabled = true },
		form: "PID=other&WID=alice", result: "AT=SU&WID=alice&ST=FAIL&RS=PartnerIDError",
	}, {
		command: "p.php SU", reason: "AutoLoginDisabled", when: "the site has automatic login switched off",
		site: func(c *site.Config) { c.AutoLoginDisabled = true },
		form: "PID=partner&WID=erin&PW=x&FN=Erin&LN=East&EM=e%40x.example", result: "AT=SU&WID=erin&ST=FAIL&RS=AutoLoginDisabled",
	}, {
		command: "p.php SU", reason: "InvalidDataFormat", when: "a required parameter is missing",
		form: "PID=partner&WID=erin&PW=x&FN=Erin&LN=East", result: "AT=SU&WID=erin&ST=FAIL&RS=InvalidDataFormat",
	}, {
		command: "p.php SU", reason: "WebExIDConflict", when: "another account has the WebEx ID",
		form: "PID=partner&WID=alice&PW=x&FN=A&LN=B&EM=new%40acme.example", result: "AT=SU&WID=alice&ST=FAIL&RS=WebExIDConflict",
	}, {
		command: "p.php SU", reason: "EmailConflict", when: "another account has the e-mail address",
		form: "PID=partner&WID=erin&PW=x&FN=A&LN=B&EM=bob%40acme.example", result: "AT=SU&WID=erin&ST=FAIL&RS=EmailConflict",
	},

	{command: "p.php EU", form: "PID=partner&WID=alice&PW=secret&NFN=Alicia&NWID=alicia", result: "AT=EU&WID=alice&ST=SUCCESS"},
	{
		command: "p.php EU", reason: "PartnerIDError", when: "PID is not the site's, checked before anything else",
		form: "WID=nobody&PW=secret", result: "AT=EU&WID=nobody&ST=FAIL&RS=PartnerIDError",
	}, {
		command: "p.php EU", reason: "BadWebExIDorPassword", when: "there is no account WID, or PW is not its password",
		form: "PID=partner&WID=alice&PW=wrong", result: "AT=EU&WID=alice&ST=FAIL&RS=BadWebExIDorPassword",
	}, {
		command: "p.php EU", reason: "AccountLocked", when: "the account is locked",
		form: "PID=partner&WID=dave&PW=secret", result: "AT=EU&WID=dave&ST=FAIL&RS=AccountLocked",
	}, {
		command: "p.php EU", reason: "AccessDenied", when: "the account is not active",
		form: "PID=partner&WID=carol&PW=secret", result: "AT=EU&WID=carol&ST=FAIL&RS=AccessDenied",
	}, {
		command: "p.php EU", reason: "WebExIDConflict", when: "another account has NWID",
		form: "PID=partner&WID=alice&PW=secret&NWID=bob", result: "AT=EU&WID=alice&ST=FAIL&RS=WebExIDConflict",
	}, {
		command: "p.php EU", reason: "EmailConflict", when: "another account has NEM",
		form: "PID=partner&WID=alice&PW=secret&NEM=bob%40acme.example", result: "AT=EU&WID=alice&ST=FAIL&RS=EmailConflict",
	},

	{command: "p.php AC", form: "PID=partner&WID=carol", result: "AT=AC&WID=carol&ST=SUCCESS"},
	{
		command: "p.php AC", reason: "PartnerIDError", when: "PID is not the site's, checked before anything else",
		form: "PID=&WID=nobody", result: "AT=AC&WID=nobody&ST=FAIL&RS=PartnerIDError",
	}, {
		command: "p.php AC", reason: "BadWebExIDorPassword", when: "there is no account WID",
		form: "PID=partner&WID=nobody", result: "AT=AC&WID=nobody&ST=FAIL&RS=BadWebExIDorPassword",
	},
	{command: "p.php IN", form: "PID=partner&WID=alice", result: "AT=IN&WID=alice&ST=SUCCESS"},
	{
		command: "p.php IN", reason: "PartnerIDError", when: "PID is not the site's, checked before anything else",
		form: "PID=other&WID=nobody", result: "AT=IN&WID=nobody&ST=FAIL&RS=PartnerIDError",
	}, {
		command: "p.php IN", reason: "BadWebExIDorPassword", when: "there is no account WID",
		form: "PID=partner&WID=nobody", result: "AT=IN&WID=nobody&ST=FAIL&RS=BadWebExIDorPassword",
	},

	// The first key: 100,000,000 and the stride of 618,033,989.
	{command: "m.php SM", given: alice, form: "MN=Call&YE=2026&MO=3&DA=31&HO=9&MI=30&DU=60&TZ=4", result: "AT=SM&ST=SUCCESS&MK=718033989"},
	{command: "m.php SM", reason: "AccessDenied", when: noLive, form: "MN=Call", result: "AT=SM&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php SM", reason: "MeetingScheduleFail", when: "MN is missing, or a date, a time or DU is none",
		given: alice, form: "DU=60", result: "AT=SM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php SM", reason: "MeetingScheduleFail", when: "MN is missing, or a date, a time or DU is none",
		given: alice, form: "MN=Call&YE=2026&MO=2&DA=30", result: "AT=SM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php SM", reason: "MeetingScheduleFail", when: "MN is missing, or a date, a time or DU is none",
		given: alice, form: "MN=Call&YE=10000&MO=1&DA=1", result: "AT=SM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php SM", reason: "MeetingScheduleFail", when: "MN is missing, or a date, a time or DU is none",
		given: alice, form: "MN=Call&DU=long", result: "AT=SM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php SM", reason: "TheDurationIsExceedTheMaxDuration", when: "DU is longer than the site allows",
		given: alice, form: "MN=Call&DU=1441", result: "AT=SM&ST=FAIL&RS=TheDurationIsExceedTheMaxDuration",
	}, {
		command: "m.php SM", reason: "TheDurationIsExceedTheMaxDuration", when: "DU is longer than the site allows",
		given: alice, form: "MN=Call&DU=99999999999999999999", result: "AT=SM&ST=FAIL&RS=TheDurationIsExceedTheMaxDuration",
	}, {
		command: "m.php SM", reason: "MeetingScheduleFail", when: "MN is missing, or a date, a time or DU is none",
		given: alice, form: "MN=Call&YE=99999999999999999999", result: "AT=SM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php SM", reason: "MeetingScheduleFail", when: "MN is missing, or a date, a time or DU is none",
		given: alice, form: "MN=Call&MI=99999999999999999999", result: "AT=SM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php SM", reason: "TeleConferenceLineReserveFail", when: "TC asks for a teleconference and the site has none",
		site: func(c *site.Config) { c.NoTeleconference = true }, given: alice, form: "MN=Call&TC=1",
		result: "AT=SM&ST=FAIL&RS=TeleConferenceLineReserveFail",
	},

	{command: "m.php EM", given: alice, form: "MK=100000001&MN=Other&DU=30", result: "AT=EM&ST=SUCCESS&MK=100000001"},
	{command: "m.php EM", reason: "AccessDenied", when: noLive, form: "MK=nonsense", result: "AT=EM&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php EM", reason: "InvalidMeetingKey", when: "the host has no meeting MK",
		given: alice, form: "MK=100000008", result: "AT=EM&ST=FAIL&RS=InvalidMeetingKey",
	}, {
		command: "m.php EM", reason: "MeetingScheduleFail", when: "a date, a time or DU is none",
		given: alice, form: "MK=100000001&HO=25", result: "AT=EM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php EM", reason: "TheDurationIsExceedTheMaxDuration", when: "DU is longer than the site allows",
		given: alice, form: "MK=100000001&DU=1441", result: "AT=EM&ST=FAIL&RS=TheDurationIsExceedTheMaxDuration",
	}, {
		command: "m.php EM", reason: "TeleConferenceLineReserveFail", when: "TC asks for a teleconference and the site has none",
		site: func(c *site.Config) { c.NoTeleconference = true }, given: alice, form: "MK=100000001&TC=1",
		result: "AT=EM&ST=FAIL&RS=TeleConferenceLineReserveFail",
	},

	{command: "m.php DM", given: alice, form: "MK=100000001", result: "AT=DM&ST=SUCCESS&MK=100000001"},
	{command: "m.php DM", reason: "AccessDenied", when: noLive, form: "MK=100000001", result: "AT=DM&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php DM", reason: "InvalidMeetingKey", when: "the host has no meeting MK",
		given: alice, form: "", result: "AT=DM&ST=FAIL&RS=InvalidMeetingKey",
	},

	{command: "m.php HM", given: alice, form: "MK=100000001", page: "Meeting room: Weekly call"},
	{command: "m.php HM", reason: "AccessDenied", when: noLive, form: "MK=100000001", result: "AT=HM&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php HM", reason: "AccessDenied", when: "the host has no meeting MK",
		given: alice, form: "MK=100000008", result: "AT=HM&ST=FAIL&RS=AccessDenied",
	}, {
		command: "m.php HM", reason: "NoMeetingTypeSupport", when: "the meeting is of another service type than the browser session's",
		given: func(w *world) { alice(w); w.post("m.php", "AT=HM&MK=100000001") },
		form:  "MK=100000007", result: "AT=HM&ST=FAIL&RS=NoMeetingTypeSupport",
	},

	{command: "m.php IM", given: alice, form: "MN=Now", page: "Meeting room: Now"},
	{command: "m.php IM", reason: "AccessDenied", when: noLive, form: "MN=Now", result: "AT=IM&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php IM", reason: "MeetingScheduleFail", when: "a date, a time or DU is none",
		given: alice, form: "MN=Now&DU=0", result: "AT=IM&ST=FAIL&RS=MeetingScheduleFail",
	}, {
		command: "m.php IM", reason: "TheDurationIsExceedTheMaxDuration", when: "DU is longer than the site allows",
		given: alice, form: "MN=Now&DU=9999", result: "AT=IM&ST=FAIL&RS=TheDurationIsExceedTheMaxDuration",
	}, {
		command: "m.php IM", reason: "TeleConferenceLineReserveFail", when: "TC asks for a teleconference and the site has none",
		site: func(c *site.Config) { c.NoTeleconference = true }, given: alice, form: "MN=Now&TC=1",
		result: "AT=IM&ST=FAIL&RS=TeleConferenceLineReserveFail",
	},

	{command: "m.php JM", form: "MK=100000002&AN=Zoe&AE=zoe%40x.example", page: "Meeting room: Open house"},
	{command: "m.php JM", form: "MK=100000003&AN=Zoe&PW=pass", page: "Meeting room: With password"},
	{command: "m.php JM", given: alice, form: "MK=100000005&AN=Zoe", page: "Meeting room: For members"},
	{
		command: "m.php JM", given: func(w *world) { w.post("m.php", "AT=RM&MK=100000004&FN=Zoe&EM=zoe%40x.example") },
		form: "MK=100000004&RID=1000000040001", page: "Meeting room: By registration",
	}, {
		command: "m.php JM", reason: "AccessDenied", when: "the site requires login before access, and no live session came along",
		site: func(c *site.Config) { c.LoginRequired = true }, form: "MK=letters", result: "AT=JM&ST=FAIL&RS=AccessDenied",
	}, {
		command: "m.php JM", reason: "InvalidDataFormat", when: "MK is not a number",
		form: "MK=12345678x", result: "AT=JM&ST=FAIL&RS=InvalidDataFormat",
	}, {
		command: "m.php JM", reason: "InvalidDataFormat", when: "MK is not a number", result: "AT=JM&ST=FAIL&RS=InvalidDataFormat",
	}, {
		command: "m.php JM", reason: "InvalidMeetingKey", when: "MK does not have nine digits",
		form: "MK=12345", result: "AT=JM&ST=FAIL&RS=InvalidMeetingKey",
	}, {
		command: "m.php JM", reason: "InvalidMeetingKeyOrPassword",
		when: "there is no meeting MK, or PW is not its password, or it takes registration and RID is none of its",
		form: "MK=100000003&PW=wrong", result: "AT=JM&ST=FAIL&RS=InvalidMeetingKeyOrPassword",
	}, {
		command: "m.php JM", reason: "InvalidMeetingKeyOrPassword",
		when: "there is no meeting MK, or PW is not its password, or it takes registration and RID is none of its",
		form: "MK=999999999", result: "AT=JM&ST=FAIL&RS=InvalidMeetingKeyOrPassword",
	}, {
		command: "m.php JM", reason: "InvalidMeetingKeyOrPassword",
		when: "there is no meeting MK, or PW is not its password, or it takes registration and RID is none of its",
		form: "MK=100000004", result: "AT=JM&ST=FAIL&RS=InvalidMeetingKeyOrPassword",
	}, {
		command: "m.php JM", reason: "LoginRequired", when: "the meeting requires login, and no live session came along",
		form: "MK=100000005", result: "AT=JM&ST=FAIL&RS=LoginRequired",
	}, {
		command: "m.php JM", reason: "MeetingNotInProgress", when: "the meeting has not begun, or has ended",
		form: "MK=100000001", result: "AT=JM&ST=FAIL&RS=MeetingNotInProgress",
	}, {
		command: "m.php JM", reason: "MeetingLocked", when: "the host has locked the meeting",
		form: "MK=100000006", result: "AT=JM&ST=FAIL&RS=MeetingLocked",
	},

	{command: "m.php LM", given: alice, page: "My meetings"},
	{command: "m.php LM", reason: "AccessDenied", when: noLive, result: "AT=LM&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php OM", given: alice,
		xml: "<ListOpenMeetings><Status>SUCCESS</Status>" +
			"<MeetingKeys>100000002;100000003;100000004;100000005;100000006;</MeetingKeys></ListOpenMeetings>",
	}, {
		command: "m.php OM", reason: "AccessDenied", when: noLive,
		xml: "<ListOpenMeetings><Status>FAIL</Status><Reason>AccessDenied</Reason></ListOpenMeetings>",
	},

	{command: "m.php AA", given: alice, form: "MK=100000001&FN=Zoe&EM=zoe%40x.example", result: "AT=AA&ST=SUCCESS"},
	{command: "m.php AA", reason: "AccessDenied", when: noLive, form: "MK=100000001", result: "AT=AA&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php AA", reason: "AccessDenied", when: "the host has no meeting MK",
		given: alice, form: "MK=100000008&EM=zoe%40x.example", result: "AT=AA&ST=FAIL&RS=AccessDenied",
	},
	{command: "m.php DA", given: alice, form: "MK=100000001&EA1=zoe%40x.example", result: "AT=DA&ST=SUCCESS"},
	{command: "m.php DA", reason: "AccessDenied", when: noLive, form: "MK=100000001", result: "AT=DA&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php DA", reason: "AccessDenied", when: "the host has no meeting MK",
		given: alice, form: "MK=", result: "AT=DA&ST=FAIL&RS=AccessDenied",
	},
	{command: "m.php MD", given: alice, form: "MK=100000001", page: "Weekly call"},
	{command: "m.php MD", reason: "AccessDenied", when: noLive, form: "MK=100000001", result: "AT=MD&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php MD", reason: "AccessDenied", when: "the host has no meeting MK",
		given: alice, form: "MK=100000008", result: "AT=MD&ST=FAIL&RS=AccessDenied",
	},
	{command: "m.php AP", given: alice, form: "MK=100000001&FN=Zoe&EM=zoe%40x.example", result: "AT=AP&ST=SUCCESS"},
	{command: "m.php AP", reason: "AccessDenied", when: noLive, form: "MK=100000001", result: "AT=AP&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php AP", reason: "AccessDenied", when: "the host has no meeting MK",
		given: alice, form: "MK=100000008&EM=zoe%40x.example", result: "AT=AP&ST=FAIL&RS=AccessDenied",
	}, {
		command: "m.php AP", reason: "InvalidDataFormat", when: "a required parameter is missing",
		given: alice, form: "MK=100000001&FN=Zoe", result: "AT=AP&ST=FAIL&RS=InvalidDataFormat",
	}, {
		command: "m.php AP", reason: "InvalidDataFormat", when: "a required parameter is missing",
		given: alice, form: "MK=100000001&EM=zoe%40x.example", result: "AT=AP&ST=FAIL&RS=InvalidDataFormat",
	},
	{command: "m.php DP", given: alice, form: "MK=100000001&EM=zoe%40x.example", result: "AT=DP&ST=SUCCESS"},
	{command: "m.php DP", reason: "AccessDenied", when: noLive, form: "MK=100000001", result: "AT=DP&ST=FAIL&RS=AccessDenied"},
	{
		command: "m.php DP", reason: "AccessDenied", when: "the host has no meeting MK",
		given: alice, form: "MK=100000008&EM=zoe%40x.example", result: "AT=DP&ST=FAIL&RS=AccessDenied",
	}, {
		command: "m.php DP", reason: "InvalidDataFormat", when: "a required parameter is missing",
		given: alice, form: "MK=100000001", result: "AT=DP&ST=FAIL&RS=InvalidDataFormat",
	},

	{command: "m.php GF", form: "MK=100000004", page: "Register for By registration"},
	{
		command: "m.php GF", reason: "AccessDenied", when: "the site requires login before access, and no live session came along",
		site: func(c *site.Config) { c.LoginRequired = true }, form: "MK=100000004", result: "AT=GF&ST=FAIL&RS=AccessDenied",
	},
	{command: "m.php GF", reason: "InvalidDataFormat", when: "MK is not a number", form: "MK=x", result: "AT=GF&ST=FAIL&RS=InvalidDataFormat"},
	{
		command: "m.php GF", reason: "InvalidDataFormat", when: "there is no meeting MK",
		form: "MK=999999999", result: "AT=GF&ST=FAIL&RS=InvalidDataFormat",
	},
	{command: "m.php RM", form: "MK=100000004&FN=Zoe&LN=Zed&EM=zoe%40x.example", result: "AT=RM&ST=SUCCESS"},
	{
		command: "m.php RM", reason: "AccessDenied", when: "the site requires login before access, and no live session came along",
		site: func(c *site.Config) { c.LoginRequired = true }, form: "MK=100000004", result: "AT=RM&ST=FAIL&RS=AccessDenied",
	},
	{command: "m.php RM", reason: "InvalidDataFormat", when: "MK is not a number", form: "MK=1%002", result: "AT=RM&ST=FAIL&RS=InvalidDataFormat"},
	{
		command: "m.php RM", reason: "InvalidDataFormat", when: "there is no meeting MK",
		form: "MK=999999999", result: "AT=RM&ST=FAIL&RS=InvalidDataFormat",
	},
	{command: "m.php CR", form: "MK=1", result: "AT=CR&ST=SUCCESS"},
	{command: "m.php CR", reason: "InvalidDataFormat", when: "MK is not a number", result: "AT=CR&ST=FAIL&RS=InvalidDataFormat"},

	{command: "o.php ST", form: "SP=TC", result: "AT=ST&ST=SUCCESS"},
	{
		command: "o.php ST", reason: "NoMeetingTypeSupport", when: "SP is none of MC, TC, EC and SC",
		form: "SP=XX", result: "AT=ST&ST=FAIL&RS=NoMeetingTypeSupport",
	}, {
		command: "o.php ST", reason: "SiteDoNotSupportThisMeetingType", when: "the site does not have that service",
		site: func(c *site.Config) { c.ServiceTypes, c.Meetings = []site.ServiceType{"MC"}, nil },
		form: "SP=EC", result: "AT=ST&ST=FAIL&RS=SiteDoNotSupportThisMeetingType",
	},
	{command: "o.php MO", form: "LanguageID=5&TimeZone=20", result: "AT=MO&ST=SUCCESS"},
	{
		command: "o.php MO", reason: "InvalidDataFormat", when: "one of them is not a number",
		form: "LanguageID=en", result: "AT=MO&ST=FAIL&RS=InvalidDataFormat",
	},

	{command: "c.php *", reason: "AccessDenied", when: noLive, form: "AT=XX", result: "AT=XX&ST=FAIL&RS=AccessDenied"},
	{
		command: "c.php *", reason: "UnknownATCommand", when: "none of its commands is known",
		given: alice, form: "AT=XX", result: "AT=XX&ST=FAIL&RS=UnknownATCommand",
	},

	{command: "w.php CO", site: token, given: csrf, form: "CSRF=t", result: "AT=CO&ST=SUCCESS"},
	{command: "w.php CO", reason: "AccessDenied", when: noLive, site: token, form: "CSRF=t", result: "AT=CO&ST=FAIL&RS=AccessDenied"},
	{
		command: "w.php CO", reason: "AccessDenied", when: "CSRF is not what the cookie _csrf_ holds",
		site: token, given: csrf, form: "CSRF=u", result: "AT=CO&ST=FAIL&RS=AccessDenied",
	}, {
		command: "w.php CO", reason: "UnknownATCommand", when: "the site has no CSRF tokens",
		given: csrf, form: "CSRF=t", result: "AT=CO&ST=FAIL&RS=UnknownATCommand",
	},
	{command: "w.php SO", site: token, given: csrf, form: "CSRF=t", result: "AT=SO&ST=SUCCESS"},
	{command: "w.php SO", reason: "AccessDenied", when: noLive, site: token, form: "CSRF=t", result: "AT=SO&ST=FAIL&RS=AccessDenied"},
	{
		command: "w.php SO", reason: "AccessDenied", when: "CSRF is not what the cookie _csrf_ holds",
		site: token, given: csrf, result: "AT=SO&ST=FAIL&RS=AccessDenied",
	}, {
		command: "w.php SO", reason: "UnknownATCommand", when: "the site has no CSRF tokens",
		given: csrf, form: "CSRF=t", result: "AT=SO&ST=FAIL&RS=UnknownATCommand",
	},
	{command: "w.php KM", site: token, given: csrf, form: "CSRF=t", result: "AT=KM&ST=SUCCESS"},
	{command: "w.php KM", reason: "AccessDenied", when: noLive, site: token, form: "CSRF=t", result: "AT=KM&ST=FAIL&RS=AccessDenied"},
	{
		command: "w.php KM", reason: "AccessDenied", when: "CSRF is not what the cookie _csrf_ holds",
		site: token, given: func(w *world) { alice(w); delete(w.jar, "_csrf_") }, form: "CSRF=", result: "AT=KM&ST=FAIL&RS=AccessDenied",
	}, {
		command: "w.php KM", reason: "UnknownATCommand", when: "the site has no CSRF tokens",
		given: csrf, form: "CSRF=t", result: "AT=KM&ST=FAIL&RS=UnknownATCommand",
	},
}

func TestEveryRowIsAnswered(t *testing.T) {
	for i, r := range rows {
		page, at, _ := strings.Cut(r.command, " ")
		form := "AT=" + at + "&BU=" + portal + "&" + r.form
		if at == AnyAT {
			form = r.form + "&BU=" + portal
		}
		for _, method := range []string{"POST", "GET"} {
			t.Run(fmt.Sprintf("%d %s %s by %s", i, r.command, r.reason, method), func(t *testing.T) {
				var change []func(*site.Config)
				if r.site != nil {
					change = append(change, r.site)
				}
				w := newWorld(t, change...)
				if r.given != nil {
					r.given(w)
				}
				ask := w.post
				if method == "GET" {
					ask = w.get
				}
				got := ask(page, form)
				w.Expect(got.Code).To(Equal(200))
				w.Expect(got.result).To(Equal(r.result))
				if r.page != "" {
					w.Expect(got.Body.String()).To(ContainSubstring("<h1>" + r.page + "</h1>"))
				}
				if r.xml != "" {
					w.Expect(got.Body.String()).To(Equal(r.xml))
				}
				e := w.last()
				w.Expect(e.Reason).To(Equal(r.reason))
				w.Expect(string(e.Result)).To(Equal(map[bool]string{true: "SUCCESS", false: "FAIL"}[r.reason == ""]))
				w.Expect(e.Page).To(Equal(page))
			})
		}
	}
}

// Every row of the table has its success and each of its reasons among the rows above, and the rows know no others.
func TestTheRowsCoverTheTable(t *testing.T) {
	g := NewWithT(t)
	tested := map[string]bool{}
	for _, r := range rows {
		tested[r.command+" | "+r.reason+" | "+r.when] = true
	}
	for _, c := range Commands() {
		name := c.Page + " " + c.AT
		if c.AT != AnyAT {
			g.Expect(tested).To(HaveKey(name+" |  | "), "success of %s", name)
			delete(tested, name+" |  | ")
		}
		for _, reason := range c.Reasons {
			key := name + " | " + reason.Code + " | " + reason.When
			g.Expect(tested).To(HaveKey(key))
			delete(tested, key)
		}
	}
	g.Expect(tested).To(BeEmpty(), "rows that the table does not have")
}

// Where two things are wrong, the answer is the reason that the table has first, as the document says.
func TestTheFirstReasonOfTheTableIsTheAnswer(t *testing.T) {
	const noAccount = "there is no account WID, or PW is not its password"
	for _, c := range []struct{ command, form, first, second string }{
		{"p.php LI", "WID=alice&PW=wrong&PID=other", "PID came and is not the site's", noAccount},
		{"p.php LI", "WID=dave&TK=wrong", "TK is no unused one-time ticket of WID's", "the account is locked"},
		{"p.php LI", "WID=dave&SK=wrong", "SK is no ticket of a live session of WID's", "the account is locked"},
		{"p.php LI", "WID=dave&PW=wrong", "the account is locked", noAccount},
		{"p.php LI", "WID=carol&PW=wrong", noAccount, "the account is not active"},
		{"p.php LI", "WID=carol&PW=secret&EM=bob%40acme.example", "the account is not active", "another account has EM"},
		{"p.php EU", "PID=partner&WID=dave&PW=wrong", "the account is locked", noAccount},
		{"p.php EU", "PID=partner&WID=carol&PW=wrong", noAccount, "the account is not active"},
		{"w.php CO", "", "the site has no CSRF tokens", noLive},
	} {
		t.Run(c.command+" "+c.form, func(t *testing.T) {
			w := newWorld(t)
			page, at, _ := strings.Cut(c.command, " ")
			var listed []string // of the two, in the order of the table
			code := ""
			for _, reason := range find(page, at).Reasons {
				if reason.When == c.first || reason.When == c.second {
					listed = append(listed, reason.When)
				}
				if reason.When == c.first {
					code = reason.Code
				}
			}
			w.Expect(listed).To(Equal([]string{c.first, c.second}))
			w.Expect(w.post(page, "AT="+at+"&BU="+portal+"&"+c.form).result).To(HaveSuffix("&ST=FAIL&RS=" + code))
		})
	}
}
