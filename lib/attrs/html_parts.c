/*
 * html_parts -- files as texts in the program.
 *
 * .incbin is understood by the assemblers of gcc and clang; the Makefile names
 * the files as what this is made from.
 */
#include "attrs/html_parts.h"

#include <stddef.h>

#define PART(name, files) \
	__asm__(".pushsection .rodata\n" \
		".global " name "\n" name ":\n" files ".byte 0\n" \
		".popsection\n")
#define FILE_OF(path) ".incbin \"" path "\"\n"
#define HTML "lib/attrs/html/"

PART("html_head", FILE_OF(HTML "head.html"));
PART("html_style", FILE_OF(HTML "style.css"));
PART("html_body", FILE_OF(HTML "body.html"));
PART("html_script", FILE_OF(HTML "data.js") FILE_OF(HTML "tree.js")
	FILE_OF(HTML "details.js") FILE_OF(HTML "treemap.js")
	FILE_OF(HTML "page.js"));

#ifdef D3_HIERARCHY
PART("html_d3_text", FILE_OF(D3_HIERARCHY));
extern const char html_d3_text[];
const char *const html_d3 = html_d3_text;
#else
const char *const html_d3 = NULL;
#endif
