package urlapi

import "slices"

// Need is what a command asks for before any other parameter is looked at.
type Need string

// The needs.
const (
	Nothing   Need = ""
	Session   Need = "session"    // a live session, or AccessDenied
	PartnerID Need = "partner id" // the site's PID, or PartnerIDError
	Token     Need = "csrf token" // a live session and CSRF equal to the cookie _csrf_, or AccessDenied
)

// Command is one row of the URL API: a page and an AT.
type Command struct {
	Page    string
	AT      string // AnyAT for what a page answers to any AT of its own accord
	Purpose string
	Needs   Need
	// Required and Optional are the parameters that are read, besides BU, which every command has.
	Required, Optional []string
	// Success are the fields of a successful result, after ST.
	Success []string
	Reasons []Reason
	// Choice is what the simulator decided of the command where nothing is known of a real site; empty: all of it is documented or recorded, but for
	// the reasons that say otherwise.
	Choice string
	run    func(*call) answer
}

// AnyAT stands for every AT that the page has no row for.
const AnyAT = "*"

// Reason is one way in which a command fails.
type Reason struct {
	Code string
	When string
	// Choice says that the simulator decided when, or whether at all, a real site answers this; otherwise it is documented or recorded.
	Choice bool
}

// The reason codes.
const (
	accessDenied         = "AccessDenied"
	alreadyLogon         = "AlreadyLogon"
	autoLoginDisabled    = "AutoLoginDisabled"
	badPassword          = "BadWebExIDorPassword"
	accountLocked        = "AccountLocked"
	invalidTicket        = "InvalidTicket"
	invalidSessionTicket = "InvalidSessionTicket"
	partnerIDError       = "PartnerIDError"
	webExIDConflict      = "WebExIDConflict"
	emailConflict        = "EmailConflict"
	unknownAT            = "UnknownATCommand"
	scheduleFail         = "MeetingScheduleFail"
	durationExceeded     = "TheDurationIsExceedTheMaxDuration"
	lineReserveFail      = "TeleConferenceLineReserveFail"
	invalidKey           = "InvalidMeetingKey"
	notInProgress        = "MeetingNotInProgress"
	invalidKeyOrPassword = "InvalidMeetingKeyOrPassword"
	meetingLocked        = "MeetingLocked"
	invalidFormat        = "InvalidDataFormat"
	loginRequired        = "LoginRequired"
	noTypeSupport        = "NoMeetingTypeSupport"
	siteNoTypeSupport    = "SiteDoNotSupportThisMeetingType"
	noAPI                = "DoNotSupportAPI"
)

// Reasons that a whole group of commands shares.
var (
	noSession  = Reason{Code: accessDenied, When: "no live session came along"}
	wrongPID   = Reason{Code: partnerIDError, When: "PID is not the site's, checked before anything else"}
	noAutoLog  = Reason{Code: autoLoginDisabled, When: "the site has automatic login switched off"}
	notMine    = Reason{Code: accessDenied, When: "the host has no meeting MK", Choice: true}
	needField  = Reason{Code: invalidFormat, When: "a required parameter is missing", Choice: true}
	badKey     = Reason{Code: invalidFormat, When: "MK is not a number"}
	otherType  = Reason{Code: noTypeSupport, When: "the meeting is of another service type than the browser session's", Choice: true}
	mustLogin  = Reason{Code: accessDenied, When: "the site requires login before access, and no live session came along"}
	mustLogin2 = Reason{Code: accessDenied, When: mustLogin.When, Choice: true}
	idTaken    = Reason{Code: webExIDConflict, When: "another account has the WebEx ID"}
	mailTaken  = Reason{Code: emailConflict, When: "another account has the e-mail address"}
	idTaken2   = Reason{Code: webExIDConflict, When: "another account has NWID", Choice: true}
	mailTaken2 = Reason{Code: emailConflict, When: "another account has NEM", Choice: true}
	noAccount  = Reason{Code: badPassword, When: "there is no account WID", Choice: true}
)

var loginReasons = []Reason{
	noAutoLog,
	{Code: alreadyLogon, When: "a live session came along, whoever's"},
	{Code: accessDenied, When: "PID came and is not the site's", Choice: true},
	{Code: invalidTicket, When: "TK is no unused one-time ticket of WID's"},
	{Code: invalidSessionTicket, When: "SK is no ticket of a live session of WID's"},
	{Code: accountLocked, When: "the account is locked"},
	{Code: badPassword, When: "there is no account WID, or PW is not its password"},
	{Code: accessDenied, When: "the account is not active", Choice: true},
	{Code: emailConflict, When: "another account has EM", Choice: true},
}

var scheduleParams = []string{"YE", "MO", "DA", "HO", "MI", "DU", "TZ", "PW", "LF", "TC"}

// Commands are all commands, page by page. A page's other ATs are answered UnknownATCommand.
func Commands() []Command { return commands }

var commands = []Command{
	{
		Page: "p.php", AT: "LI", Purpose: "log a host in and set the cookies",
		Required: []string{"WID", "PW"}, Optional: []string{"TK", "SK", "MU", "EM", "FN", "LN", "NPW", "PID"},
		Success: []string{"CSRF"}, Reasons: loginReasons,
		Choice: "TK is looked at first, then SK, then PW; SK is the ticket of a live session; EM, FN, LN and NPW change the account",
		run:    logIn,
	}, {
		Page: "p.php", AT: "LO", Purpose: "log out and delete the cookies; succeeds without a session",
		Reasons: []Reason{noAutoLog},
		Choice:  "the browser session's service type goes back to the site's default",
		run:     logOut,
	}, {
		Page: "p.php", AT: "PL", Purpose: "create the account if there is none, then log in",
		Required: []string{"WID", "PW"}, Optional: []string{"TK", "SK", "MU", "EM", "FN", "LN", "NPW", "PID"},
		Success: []string{"CSRF"}, Reasons: loginReasons,
		Choice: "creating takes a right PID",
		run:    createAndLogIn,
	}, {
		Page: "p.php", AT: "SU", Purpose: "sign up", Needs: PartnerID,
		Required: []string{"PID", "WID", "PW", "FN", "LN", "EM"},
		Reasons:  []Reason{wrongPID, noAutoLog, needField, idTaken, mailTaken},
		Choice:   "the new host is not logged in",
		run:      signUp,
	}, {
		Page: "p.php", AT: "EU", Purpose: "edit an account", Needs: PartnerID,
		Required: []string{"WID", "PW", "PID"}, Optional: []string{"NFN", "NLN", "NEM", "NPW", "NWID"},
		Reasons: []Reason{
			wrongPID, {Code: accountLocked, When: "the account is locked", Choice: true},
			{Code: badPassword, When: "there is no account WID, or PW is not its password", Choice: true},
			{Code: accessDenied, When: "the account is not active", Choice: true}, idTaken2, mailTaken2,
		}, run: editAccount,
	}, {
		Page: "p.php", AT: "AC", Purpose: "activate an account", Needs: PartnerID,
		Required: []string{"WID", "PID"}, Reasons: []Reason{wrongPID, noAccount},
		Choice: "it also unlocks the account",
		run:    activate,
	}, {
		Page: "p.php", AT: "IN", Purpose: "deactivate an account", Needs: PartnerID,
		Required: []string{"WID", "PID"}, Reasons: []Reason{wrongPID, noAccount},
		Choice: "it also ends the account's sessions",
		run:    deactivate,
	},

	{
		Page: "m.php", AT: "SM", Purpose: "schedule a meeting", Needs: Session,
		Required: []string{"MN"}, Optional: scheduleParams, Success: []string{"MK"},
		Reasons: []Reason{
			noSession, {Code: scheduleFail, When: "MN is missing, or a date, a time or DU is none"},
			{Code: durationExceeded, When: "DU is longer than the site allows"},
			{Code: lineReserveFail, When: "TC asks for a teleconference and the site has none"},
		},
		Choice: "times are read as UTC, whatever TZ is; without a date the meeting begins now, without DU it lasts an hour, or as long as the site allows",
		run:    schedule,
	}, {
		Page: "m.php", AT: "EM", Purpose: "edit a meeting", Needs: Session,
		Required: []string{"MK"}, Optional: append([]string{"MN"}, scheduleParams...), Success: []string{"MK"},
		Reasons: []Reason{
			noSession, {Code: invalidKey, When: "the host has no meeting MK"},
			{Code: scheduleFail, When: "a date, a time or DU is none", Choice: true},
			{Code: durationExceeded, When: "DU is longer than the site allows", Choice: true},
			{Code: lineReserveFail, When: "TC asks for a teleconference and the site has none", Choice: true},
		},
		Choice: "what does not come stays as it is",
		run:    editMeeting,
	}, {
		Page: "m.php", AT: "DM", Purpose: "delete a meeting", Needs: Session,
		Required: []string{"MK"}, Success: []string{"MK"},
		Reasons: []Reason{noSession, {Code: invalidKey, When: "the host has no meeting MK"}}, run: deleteMeeting,
	}, {
		Page: "m.php", AT: "HM", Purpose: "host a scheduled meeting: the browser goes into its room, and to BU when it ends", Needs: Session,
		Required: []string{"MK"}, Reasons: []Reason{noSession, notMine, otherType},
		Choice: "a meeting that has ended begins again; what was hosted becomes the browser session's service type where it had chosen none",
		run:    hostMeeting,
	}, {
		Page: "m.php", AT: "IM", Purpose: "host an instant meeting: as HM, and no MK is given back", Needs: Session,
		Required: []string{"MN"}, Optional: scheduleParams,
		Reasons: []Reason{
			noSession, {Code: scheduleFail, When: "a date, a time or DU is none", Choice: true},
			{Code: durationExceeded, When: "DU is longer than the site allows", Choice: true},
			{Code: lineReserveFail, When: "TC asks for a teleconference and the site has none", Choice: true},
		},
		Choice: "MN may be missing",
		run:    instantMeeting,
	}, {
		Page: "m.php", AT: "JM", Purpose: "join as an attendee: the browser goes into the room, and to BU when it leaves",
		Required: []string{"MK"}, Optional: []string{"AN", "AE", "PW", "RID"},
		Reasons: []Reason{
			mustLogin, badKey, {Code: invalidKey, When: "MK does not have nine digits", Choice: true},
			{Code: invalidKeyOrPassword, When: "there is no meeting MK, or PW is not its password, or it takes registration and RID is none of its"},
			{Code: loginRequired, When: "the meeting requires login, and no live session came along", Choice: true},
			{Code: notInProgress, When: "the meeting has not begun, or has ended"},
			{Code: meetingLocked, When: "the host has locked the meeting"},
		}, run: joinMeeting,
	}, {
		Page: "m.php", AT: "LM", Purpose: "list the host's meetings, on a page", Needs: Session,
		Reasons: []Reason{noSession},
		Choice:  "success is a page, whether BU came or not",
		run:     listMeetings,
	}, {
		Page: "m.php", AT: "OM", Purpose: "list the keys of the host's open meetings, as XML; BU is ignored", Needs: Session,
		Success: []string{"MeetingKeys"}, Reasons: []Reason{noSession},
		Choice: "open means in progress",
		run:    listOpenMeetings,
	}, {
		Page: "m.php", AT: "AA", Purpose: "add attendees", Needs: Session,
		Required: []string{"MK"}, Optional: []string{"FN", "EM", "FNn", "EMn", "EAn"}, Reasons: []Reason{noSession, notMine}, run: addAttendees,
	}, {
		Page: "m.php", AT: "DA", Purpose: "delete attendees", Needs: Session,
		Required: []string{"MK"}, Optional: []string{"EM", "EMn", "EAn"}, Reasons: []Reason{noSession, notMine}, run: deleteAttendees,
	}, {
		Page: "m.php", AT: "MD", Purpose: "meeting details, on a page", Needs: Session,
		Required: []string{"MK"}, Reasons: []Reason{noSession, notMine},
		Choice: "success is a page with the details, whether BU came or not",
		run:    meetingDetails,
	}, {
		Page: "m.php", AT: "AP", Purpose: "add a presenter", Needs: Session,
		Required: []string{"MK", "FN", "EM"}, Reasons: []Reason{noSession, notMine, needField}, run: addPresenter,
	}, {
		Page: "m.php", AT: "DP", Purpose: "delete a presenter", Needs: Session,
		Required: []string{"MK", "EM"}, Reasons: []Reason{noSession, notMine, needField}, run: deletePresenter,
	}, {
		Page: "m.php", AT: "GF", Purpose: "registration form, on a page",
		Required: []string{"MK"}, Reasons: []Reason{mustLogin2, badKey, {Code: invalidFormat, When: "there is no meeting MK", Choice: true}},
		Choice: "success is a page with the form, whether BU came or not; BU is where the registration leads",
		run:    registrationForm,
	}, {
		Page: "m.php", AT: "RM", Purpose: "register for a meeting",
		Required: []string{"MK"}, Optional: []string{"FN", "LN", "EM"},
		Reasons: []Reason{mustLogin2, badKey, {Code: invalidFormat, When: "there is no meeting MK", Choice: true}},
		Choice:  "the registration id is told by the meeting's details (MD) and the control API only",
		run:     register,
	}, {
		Page: "m.php", AT: "CR", Purpose: "recording entry, of which little is known: MK is checked, and that is all",
		Required: []string{"MK"}, Reasons: []Reason{{Code: invalidFormat, When: "MK is not a number", Choice: true}},
		Choice: "all of it",
		run:    recordingEntry,
	},

	{
		Page: "o.php", AT: "ST", Purpose: "choose the service type of this browser session, logged in or not",
		Required: []string{"SP"},
		Reasons: []Reason{
			{Code: noTypeSupport, When: "SP is none of MC, TC, EC and SC", Choice: true},
			{Code: siteNoTypeSupport, When: "the site does not have that service"},
		}, run: chooseService,
	}, {
		Page: "o.php", AT: "MO", Purpose: "set language, time zone and region in the preference cookies",
		Optional: []string{"LanguageID", "TimeZone", "RegionID"},
		Reasons:  []Reason{{Code: invalidFormat, When: "one of them is not a number", Choice: true}},
		Choice:   "the names of its parameters",
		run:      setLocale,
	},

	{
		Page: "c.php", AT: AnyAT, Purpose: "named as a page that denies access when the session is dead; none of its commands is known", Needs: Session,
		Reasons: []Reason{noSession, {Code: unknownAT, When: "none of its commands is known", Choice: true}},
		Choice:  "that it has no command at all", run: func(*call) answer { return fail(unknownAT) },
	},

	{Page: "w.php", AT: "CO", Purpose: "answers, where the site has CSRF tokens", Needs: Token, Reasons: tokenReasons,
		Choice: "that it does nothing", run: done},
	{Page: "w.php", AT: "SO", Purpose: "answers, where the site has CSRF tokens", Needs: Token, Reasons: tokenReasons,
		Choice: "that it does nothing", run: done},
	{Page: "w.php", AT: "KM", Purpose: "answers, where the site has CSRF tokens", Needs: Token, Reasons: tokenReasons,
		Choice: "that it does nothing", run: done},
}

var tokenReasons = []Reason{
	{Code: unknownAT, When: "the site has no CSRF tokens", Choice: true},
	noSession,
	{Code: accessDenied, When: "CSRF is not what the cookie _csrf_ holds", Choice: true},
}

// index finds a command by page and AT.
var index = func() map[[2]string]*Command {
	m := map[[2]string]*Command{}
	for i := range commands {
		m[[2]string{commands[i].Page, commands[i].AT}] = &commands[i]
	}
	return m
}()

func find(page, at string) *Command {
	if c := index[[2]string{page, at}]; c != nil {
		return c
	}
	return index[[2]string{page, AnyAT}]
}

var pages = []string{"p.php", "m.php", "o.php", "c.php", "w.php"}

// Pages are those that take commands.
func Pages() []string { return slices.Clone(pages) }

// isAPIPage says whether a page takes commands.
func isAPIPage(page string) bool {
	return slices.Contains(pages, page)
}
