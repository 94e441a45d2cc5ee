// SPDX-License-Identifier: Apache-2.0
package org.sextant.models.kernels;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

/**
 * Calls that the compiler does not inline. Vector operations are a large part of what it lets a method grow to by
 * inlining; past that it stops anywhere, and vectors that cross the unlucky call are boxed. So the loops that matter
 * are compiled alone: behind a handle in a static field that is <em>not</em> final, because what a constant handle
 * points to is inlined.
 */
final class OutOfLine {
    private OutOfLine() {}

    /** The one static method of that name in the class that looks it up. */
    static MethodHandle handle(MethodHandles.Lookup lookup, String name) {
        for (Method method : lookup.lookupClass().getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                try {
                    return lookup.unreflect(method);
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        throw new AssertionError("no method " + name + " in " + lookup.lookupClass());
    }

    /** What a loop threw, as it is: loops declare no checked exception. */
    static RuntimeException rethrown(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }
}
