// SPDX-License-Identifier: Apache-2.0
/** The kernels on ND4J operations: any backend of ND4J computes. */
package org.sextant.nd4j.kernels;
