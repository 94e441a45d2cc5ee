// SPDX-License-Identifier: Apache-2.0
/** The entropy bonus, an optional part of policy losses. */
package org.sextant.algorithms.entropy;
