/*
 * pysrc/program.h - the two parts of the program that parses, as text: made
 * from parse.py and python2.py when convey is built.
 */
#ifndef CVYI_PYSRC_PROGRAM_H
#define CVYI_PYSRC_PROGRAM_H

extern const char cvyi_py_program[], cvyi_py_program_2[];

#endif
