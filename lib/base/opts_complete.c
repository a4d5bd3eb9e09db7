/*
 * opts_complete -- completion scripts, from the table that --help is made from.
 *
 * In all three shells: options; the words of a choice; files where an argument
 * is one (is_file()) and for operands; nothing for other arguments.
 */
#include <string.h>

#include "base/err.h"
#include "base/opts_in.h"

enum { SHELL_BASH, SHELL_ZSH, SHELL_FISH };

static bool is_file(const struct opt *o)
{
	return o->arg && (strstr(o->arg, "FILE") || strstr(o->arg, "PARTIAL"));
}

/* The program's name as a shell function: _discover_attrs. */
static void add_function(struct buf *b)
{
	const char *s;

	buf_addc(b, '_');
	for (s = err_program(); *s; s++)
		buf_addc(b, *s == '-' || *s == '.' ? '_' : *s);
}

/* The first statement of the help, without its full stop. */
static size_t short_help(const char *help)
{
	size_t n = strcspn(help, "\n");
	const char *end;

	end = strstr(help, ". ");
	if (end && (size_t)(end - help) < n)
		n = (size_t)(end - help);
	end = strstr(help, "; ");
	if (end && (size_t)(end - help) < n)
		n = (size_t)(end - help);
	return n && help[n - 1] == '.' ? n - 1 : n;
}

/* "a|b|c" with spaces. */
static void add_words(struct buf *b, const char *words)
{
	for (; *words; words++)
		buf_addc(b, *words == '|' ? ' ' : *words);
}

/* "-P|--max-procs": a pattern of case, in bash. */
static void add_pattern(struct buf *b, const struct opt *o)
{
	if (o->letter)
		buf_addf(b, "-%c|", o->letter);
	buf_addf(b, "--%s", o->name);
}

static void bash_options(const struct opts_spec *spec, struct buf *b)
{
	const struct opt *o;
	size_t i;

	for (i = 0; (o = opts_at(spec, i)); i++) {
		if (o->kind == OPT_HEADING)
			continue;
		if (o->letter)
			buf_addf(b, " -%c", o->letter);
		buf_addf(b, " --%s%s", o->name, opt_needs_value(o) ? "=" : "");
	}
}

/* Which option is the argument at the cursor for? */
static void bash_valued(const struct opts_spec *spec, struct buf *b)
{
	const struct opt *o;
	size_t i, n = 0;

	for (i = 0; (o = opts_at(spec, i)); i++) {
		if (o->kind == OPT_HEADING || !opt_needs_value(o))
			continue;
		if (n++)
			buf_addc(b, '|');
		add_pattern(b, o);
	}
}

static void bash_cases(const struct opts_spec *spec, struct buf *b)
{
	const struct opt *o;
	size_t i;

	for (i = 0; (o = opts_at(spec, i)); i++) {
		if (o->kind != OPT_CHOICE && !is_file(o))
			continue;
		buf_addc(b, '\t');
		add_pattern(b, o);
		if (is_file(o)) {
			buf_adds(b, ") return ;;\n");
		} else {
			buf_adds(b, ") words='");
			add_words(b, o->choices);
			buf_adds(b, "' ;;\n");
		}
	}
}

static const char bash_end[] = "' ;;\n"
	"\tesac\n"
	"\tcompopt +o default 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"\tif [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then\n"
	"\t\tcompopt -o nospace 2>/dev/null\n"
	"\tfi\n"
	"}\n"
	"complete -o default -F ";

/*
 * An empty COMPREPLY makes readline complete file names (-o default), unless
 * that is turned off for this word.  "=" is a word of its own in COMP_WORDS.
 */
static void bash_script(const struct opts_spec *spec, struct buf *b)
{
	buf_addf(b, "# bash completion for %s\n", err_program());
	add_function(b);
	buf_adds(b, "() {\n"
		"\tlocal cur=${COMP_WORDS[COMP_CWORD]} opt='' words='' w\n"
		"\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n"
		"\tCOMPREPLY=()\n"
		"\tfor w in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
		"\t\t[[ $w == -- ]] && return\n"
		"\tdone\n"
		"\tif [[ $cur == = ]]; then\n"
		"\t\topt=$prev cur=''\n"
		"\telif [[ $prev == = ]]; then\n"
		"\t\topt=${COMP_WORDS[COMP_CWORD-2]}\n"
		"\telse\n"
		"\t\tcase $prev in\n"
		"\t\t");
	bash_valued(spec, b);
	buf_adds(b, ") opt=$prev ;;\n"
		"\t\tesac\n"
		"\tfi\n"
		"\tcase $opt in\n");
	bash_cases(spec, b);
	buf_adds(b, "\t'')\n\t\t[[ $cur == -* ]] || ");
	buf_adds(b, spec->operands ? "return\n" : "cur=--\n");
	buf_adds(b, "\t\twords='");
	bash_options(spec, b);
	buf_adds(b, bash_end);
	add_function(b);
	buf_addf(b, " %s\n", err_program());
}

/* Text inside '...' of zsh's _arguments. */
static void zsh_text(struct buf *b, const char *s, size_t n)
{
	for (; n; n--, s++) {
		if (*s == '\'')
			buf_adds(b, "'\\'");
		else if (*s == '[' || *s == ']' || *s == ':' || *s == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *s);
	}
}

static void zsh_argument(struct buf *b, const struct opt *o)
{
	const char *name = o->arg && !opt_optional(o) ? o->arg : "which";

	if (!opt_needs_value(o) && !opt_optional(o))
		return;
	buf_adds(b, opt_optional(o) ? "::" : ":");
	zsh_text(b, name, strlen(name));
	buf_addc(b, ':');
	if (is_file(o)) {
		buf_adds(b, "_files");
	} else if (o->kind == OPT_CHOICE) {
		buf_addc(b, '(');
		add_words(b, o->choices);
		buf_addc(b, ')');
	} else {
		buf_addc(b, ' ');	/* nothing to offer */
	}
}

/* One argument of _arguments; a repeatable option does not exclude itself. */
static void zsh_option(struct buf *b, const struct opt *o)
{
	const char *eq = opt_optional(o) ? "=-" : opt_needs_value(o) ? "=" : "";

	buf_adds(b, "\t\t");
	if (o->kind == OPT_LIST)
		buf_adds(b, "'*'");
	else if (o->letter)
		buf_addf(b, "'(-%c --%s)'", o->letter, o->name);
	if (o->letter)
		buf_addf(b, "{-%c%s,--%s%s}", o->letter, *eq ? "+" : "",
			 o->name, eq);
	else
		buf_addf(b, "--%s%s", o->name, eq);
	buf_adds(b, "'[");
	zsh_text(b, o->help, short_help(o->help));
	buf_addc(b, ']');
	zsh_argument(b, o);
	buf_adds(b, "' \\\n");
}

/* Works both as a file of $fpath and from a startup file. */
static void zsh_script(const struct opts_spec *spec, struct buf *b)
{
	const struct opt *o;
	size_t i;

	buf_addf(b, "#compdef %s\n", err_program());
	add_function(b);
	buf_adds(b, "() {\n\t_arguments -s -S \\\n");
	for (i = 0; (o = opts_at(spec, i)); i++)
		if (o->kind != OPT_HEADING)
			zsh_option(b, o);
	buf_adds(b, spec->operands ? "\t\t'*:file:_files'\n" : "\t\t'*: : '\n");
	buf_adds(b, "}\nif [[ $funcstack[1] == ");
	add_function(b);
	buf_adds(b, " ]]; then\n\t");
	add_function(b);
	buf_adds(b, " \"$@\"\nelse\n\tcompdef ");
	add_function(b);
	buf_addf(b, " %s\nfi\n", err_program());
}

static void fish_option(struct buf *b, const struct opt *o)
{
	size_t i, n = short_help(o->help);

	buf_addf(b, "complete -c %s", err_program());
	if (o->letter)
		buf_addf(b, " -s %c", o->letter);
	buf_addf(b, " -l %s", o->name);
	if (is_file(o))
		buf_adds(b, " -r -F");
	else if (opt_needs_value(o))
		buf_adds(b, " -x");
	else if (opt_optional(o))
		buf_adds(b, " -f");
	if (o->kind == OPT_CHOICE) {
		buf_adds(b, " -a '");
		add_words(b, o->choices);
		buf_addc(b, '\'');
	}
	buf_adds(b, " -d '");
	for (i = 0; i < n; i++) {
		if (o->help[i] == '\'' || o->help[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, o->help[i]);
	}
	buf_adds(b, "'\n");
}

static void fish_script(const struct opts_spec *spec, struct buf *b)
{
	const struct opt *o;
	size_t i;

	buf_addf(b, "# fish completion for %s\n", err_program());
	if (!spec->operands)
		buf_addf(b, "complete -c %s -f\n", err_program());
	for (i = 0; (o = opts_at(spec, i)); i++)
		if (o->kind != OPT_HEADING)
			fish_option(b, o);
}

void opts_complete(const struct opts_spec *spec, int shell, struct buf *b)
{
	if (shell == SHELL_BASH)
		bash_script(spec, b);
	else if (shell == SHELL_ZSH)
		zsh_script(spec, b);
	else
		fish_script(spec, b);
}
