film1.dat 1 film1 film
film2.dat 2 film2 film
