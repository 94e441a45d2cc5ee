// SPDX-License-Identifier: Apache-2.0
/** The aggregation axis: which tokens count and how their losses become one number, chosen by configuration. */
package org.sextant.algorithms.aggregation;
