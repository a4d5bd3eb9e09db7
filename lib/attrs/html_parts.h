/*
 * html_parts -- the parts of the page that render_html.c writes, as texts: the
 * files of html/, and d3-hierarchy as Debian packages it (ISC licence, its
 * notice stands in the text), which lays out the treemap.
 */
#ifndef ATTRS_HTML_PARTS_H
#define ATTRS_HTML_PARTS_H

extern const char html_head[];		/* to where the style begins */
extern const char html_style[];
extern const char html_body[];		/* from its end to where the data is */
extern const char *const html_d3;	/* NULL: was not there at build time */
extern const char html_script[];

#endif
