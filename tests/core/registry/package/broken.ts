throw new Error('libfixture.so is missing');
