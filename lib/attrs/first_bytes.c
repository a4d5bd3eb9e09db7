/*
 * first_bytes -- what a value is, by its first byte.
 */
#include "attrs/tokens_in.h"

const struct first_byte first_bytes[256] = {
	['"'] = {J_STRING, KIND_SCALAR, 255, 0},
	['-'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['0'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['1'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['2'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['3'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['4'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['5'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['6'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['7'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['8'] = {J_NUMBER, KIND_SCALAR, 0, 0},
	['9'] = {J_NUMBER, KIND_SCALAR, 0, 0}, ['t'] = {J_LITERAL, KIND_SCALAR, 0, 0},
	['f'] = {J_LITERAL, KIND_SCALAR, 0, 0}, ['n'] = {J_LITERAL, KIND_NULL, 0, 0},
	['{'] = {J_WRONG, KIND_OBJECT, 0, 0}, ['['] = {J_WRONG, KIND_ARRAY, 0, 0}
};
