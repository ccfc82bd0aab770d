/* install/use.c - a stranger's program: prints the library's version. */
#include <convey/base.h>

#include <stdio.h>

int main(void)
{
    puts(cvy_version());
    return 0;
}
