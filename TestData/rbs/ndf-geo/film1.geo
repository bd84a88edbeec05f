19
20 90
4He 4He
2000.0 3.0
18.0
IBM
10 160
5.5
20.0 60.0
flagvar_conv off
flagvar_offset off
