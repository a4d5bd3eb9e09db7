/*
 * sql_times -- strings that are dates and times, as columns of such.
 */
#include "attrs/formats.h"
#include "attrs/sql_times.h"

enum { DATE, LOCAL, ZONED };

static const struct {
	const char *format;
	int what;
	bool iso;		/* every dialect reads it without a layout */
	const char *not;	/* has the other order of day and month */
} times[] = {
	{"date", DATE, true, NULL},
	{"date-time", ZONED, true, NULL},
	{"YYYY-MM-DD HH24:MI:SS.FFTZH:TZM", ZONED, true, NULL},
	{"YYYY-MM-DD HH24:MI:SSTZH:TZM", ZONED, true, NULL},
	{"YYYY-MM-DD HH24:MI:SS TZHTZM", ZONED, false, NULL},
	{"YYYY-MM-DDTHH24:MI:SS.FF", LOCAL, true, NULL},
	{"YYYY-MM-DDTHH24:MI:SS", LOCAL, true, NULL},
	{"YYYY-MM-DD HH24:MI:SS.FF", LOCAL, true, NULL},
	{"YYYY-MM-DD HH24:MI:SS", LOCAL, true, NULL},
	{"YYYY/MM/DD", DATE, false, NULL},
	{"MM/DD/YYYY", DATE, false, 
	 "DD/MM/YYYY"},
	{"DD/MM/YYYY", DATE, false, 
	 "MM/DD/YYYY"},
	{"MM-DD-YYYY", DATE, false, 
	 "DD-MM-YYYY"},
	{"DD-MM-YYYY", DATE, false, 
	 "MM-DD-YYYY"},
	{"DD.MM.YYYY", DATE, false, NULL},
	{"DD-MON-YYYY", DATE, false, NULL},
	{"YYYYMMDD", DATE, false, NULL},
	{"MM/DD/YYYY HH24:MI:SS", LOCAL, false, 
	 "DD/MM/YYYY HH24:MI:SS"},
	{"DD/MM/YYYY HH24:MI:SS", LOCAL, false, 
	 "MM/DD/YYYY HH24:MI:SS"},
	{"MM-DD-YYYY HH24:MI:SS", LOCAL, false, NULL},
	{"DY, DD MON YYYY HH24:MI:SS TZHTZM", ZONED, false, NULL},
	{"DY MON DD HH24:MI:SS TZHTZM YYYY", ZONED, false, NULL}
};

#define TIMES (sizeof(times) / sizeof(*times))

/* Elements of models, longer ones first, and what they are elsewhere. */
static const struct {
	const char *model, *c, *mysql, *java;
} elements[] = {
	{"YYYYMMDD", "%Y%m%d", "%Y%m%d", "yyyyMMdd"},
	{"TZHTZM", "%z", "%z", "Z"},
	{"YYYY", "%Y", "%Y", "yyyy"},
	{"HH24", "%H", "%H", "HH"},
	{"MON", "%b", "%b", "MMM"},
	{"MI", "%M", "%i", "mm"},
	{"MM", "%m", "%c", "M"},
	{"DD", "%d", "%e", "d"},
	{"DY", "%a", "%a", ""},
	{"SS", "%S", "%s", "ss"}
};
#define ELEMENTS (sizeof(elements) / sizeof(*elements))

static void add_layout(struct buf *b, const char *model, enum sql_layout how)
{
	size_t e;

	while (*model) {
		const char *to;

		for (e = 0; e < ELEMENTS; e++)
			if (!strncmp(model, elements[e].model,
				     strlen(elements[e].model)))
				break;
		if (e == ELEMENTS || how == LAYOUT_MODEL) {
			buf_addc(b, *model++);
			continue;
		}
		to = how == LAYOUT_C ? elements[e].c : how == LAYOUT_MYSQL ?
		     elements[e].mysql : elements[e].java;
		buf_adds(b, to);
		model += strlen(elements[e].model);
	}
}

/* Java reads no names of days: what is behind them. */
static size_t day_name(const char *model, enum sql_layout how)
{
	if (how != LAYOUT_JAVA || strncmp(model, "DY", 2))
		return 0;
	return model[2] == ',' ? strlen("DY, ") : strlen("DY ");
}

static void add_as(struct buf *b, const struct sql_dialect *d,
		   const char *template, const char *model,
		   const struct buf *value)
{
	size_t day = day_name(model, d->layouts);
	struct buf layout = {0}, text = {0};

	buf_addc(&layout, '\'');
	add_layout(&layout, model + day, d->layouts);
	buf_addc(&layout, '\'');
	if (day)	/* "Wed" has a letter more than "DY" */
		buf_addf(&text, "SUBSTR(%.*s, %zu)", (int)value->len, value->s,
			 day + 2);
	else
		buf_add(&text, value->s, value->len);
	sql_fill(b, template, (struct sql_arg[]){
		{'v', text.s, text.len}, {'f', layout.s, layout.len}, {0}
	});
	buf_release(&layout);
	buf_release(&text);
}

/* What is to be done with the format of the strings; TIMES: nothing. */
static size_t find(const struct facts *f)
{
	int format = facts_format(f, false), other;
	size_t i = 0;

	if (format < 0)
		return TIMES;
	while (i < TIMES && strcmp(times[i].format, format_names[format]) != 0)
		i++;
	if (i == TIMES || !times[i].not)
		return i;
	other = format_index(times[i].not, strlen(times[i].not));
	return f->str->formats[other] == f->str->formats[format] ? TIMES : i;
}

const char *sql_time(struct buf *b, const struct sql_dialect *d,
		     const struct facts *f, const struct buf *value)
{
	const char *const iso[] = {d->date, d->local, d->zoned};
	const char *const as[] = {d->date_as, d->local_as, d->zoned_as};
	size_t i = find(f);

	if (i == TIMES)
		return NULL;
	if (times[i].iso)
		sql_fill(b, iso[times[i].what], (struct sql_arg[]){
			{'v', value->s, value->len}, {0}
		});
	else if (d->layouts != LAYOUT_NONE)
		add_as(b, d, as[times[i].what], times[i].format, value);
	else
		return NULL;
	return times[i].what == DATE ? "date" : "timestamp";
}
