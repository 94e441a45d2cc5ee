// SPDX-License-Identifier: Apache-2.0
/**
 * Losses written a second time, as SameDiff graphs in double precision: an oracle for values and gradients that shares no line with our tape. Only
 * operations of SameDiff whose gradients are right are used; {@link org.sextant.nd4j.samediff.SameDiffFactsTest} shows some that are not.
 */
package org.sextant.nd4j.samediff;
